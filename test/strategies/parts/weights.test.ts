import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { randomFrom } from '#core'
import { allocated, evenly, filled, logit, resampled, softmax } from '../../../strategies/parts/weights.ts'
import { times } from '../../helpers/scripted.ts'

const score = fc.double({ min: 0, max: 1, noNaN: true })
const scores = fc.array(score, { minLength: 1, maxLength: 20 })
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)

test('a missing score is the mean of the others, or a half', () => {
  expect(filled([0.2, undefined, 0.4])).toEqual([0.2, expect.closeTo(0.3), 0.4])
  expect(filled([undefined, undefined])).toEqual([0.5, 0.5])
})

test('the log of the odds of a certain score is finite, and grows with the score', () => {
  expect([logit(0), logit(1)]).toEqual([expect.closeTo(-16.118, 2), expect.closeTo(16.118, 2)])
  expect(logit(0.5)).toBe(0)
  expect(logit(0.9)).toBeCloseTo(Math.log(9))
})

test('shares add up to 1, by the size of what they are shares of', () => {
  fc.assert(
    fc.property(scores, (values) => {
      expect(sum(softmax(values, 0.2))).toBeCloseTo(1)
    }),
  )
  expect(softmax([1000, 1000])).toEqual([0.5, 0.5])
  expect(softmax([0.2, 0.4], 0.2)).toEqual([expect.closeTo(1 / (1 + Math.E)), expect.closeTo(Math.E / (1 + Math.E))])
})

describe('REBASE’s children', () => {
  test('are worked out by hand', () => {
    // exp(s / 0.2): 54.6, 20.1, 1.65. Of 16 the best gets 11.45, rounded up; of 4 left the next 3.7; none is left.
    expect(allocated([0.6, 0.1, 0.8], 16, 0.2)).toEqual([4, 0, 12])
  })

  test('are all that there are to give, and no node gets fewer than a worse one', () => {
    fc.assert(
      fc.property(scores, fc.integer({ min: -2, max: 64 }), (values, width) => {
        const counts = allocated(values, width, 0.2)
        expect(sum(counts)).toBe(Math.max(0, width))
        const byScore = [...values.keys()].sort((a, b) => values[b]! - values[a]!).map((at) => counts[at]!)
        expect(byScore).toEqual(byScore.toSorted((a, b) => b - a))
      }),
    )
  })
})

describe('systematic resampling', () => {
  test('draws each the whole number below or above its share', () => {
    fc.assert(
      fc.property(scores, fc.integer({ min: 1, max: 40 }), fc.nat(), (values, n, seed) => {
        const weights = softmax(values.map(logit))
        const places = resampled(weights, n, randomFrom(seed))
        expect(places).toHaveLength(n)
        for (const [at, weight] of weights.entries()) {
          const drawn = places.filter((place) => place === at).length
          expect(Math.abs(drawn - n * weight)).toBeLessThan(1 + 1e-6)
        }
      }),
    )
  })

  test('draws of equal ones together what they weigh together, in whatever order they stand', () => {
    const weights = times(10, (at) => (at % 2 ? 0.04 : 0.16))
    for (const seed of times(20, Number))
      expect(resampled(weights, 10, randomFrom(seed)).filter((at) => at % 2 === 0)).toHaveLength(8)
  })

  test('draws each by its weight on average', () => {
    const random = randomFrom('on average')
    const drawn = times(4000, () => resampled([0.1, 0.6, 0.3], 4, random)).flat()
    const share = (at: number) => drawn.filter((place) => place === at).length / drawn.length
    expect([share(0), share(1), share(2)]).toEqual([0.1, 0.6, 0.3].map((weight) => expect.closeTo(weight, 2)))
  })
})

test('a width is shared out whole, and evenly', () => {
  fc.assert(
    fc.property(fc.nat(64), fc.integer({ min: 1, max: 10 }), (width, among) => {
      const shares = evenly(width, among)
      expect(sum(shares)).toBe(width)
      expect(Math.max(...shares) - Math.min(...shares)).toBeLessThanOrEqual(1)
    }),
  )
})
