import fc from 'fast-check'
import { expect, test } from 'vitest'
import { chosen, rankBy } from '#core'

const item = fc.record({ id: fc.nat(), score: fc.option(fc.constantFrom(0, 0.2, 0.5, 1), { nil: undefined }) })

test('a ranking has the highest first, the missing last, and equals in the order they stood in', () => {
  fc.assert(
    fc.property(fc.array(item), (items) => {
      const ranked = rankBy(items, ({ score }) => score)
      expect(new Set(ranked)).toEqual(new Set(items))
      for (const [at, one] of ranked.entries()) {
        const next = ranked[at + 1]
        if (!next) continue
        expect(one.score ?? -1).toBeGreaterThanOrEqual(next.score ?? -1)
        if (one.score === next.score) expect(items.indexOf(one)).toBeLessThan(items.indexOf(next))
      }
    }),
  )
})

test('the chosen one carries the others along, where there are any', () => {
  const [a, b] = ['a', 'b'].map((text) => ({ text, finish: 'stop' as const }))
  expect(chosen([a!, b!])).toEqual({ ...a, others: [b] })
  expect(chosen([a!])).toEqual(a)
  expect(() => chosen([])).toThrow()
})
