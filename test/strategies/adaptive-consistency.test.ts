import fc from 'fast-check'
import { expect, test } from 'vitest'
import { execute } from '#core'
import { adaptiveConsistency } from '../../strategies/adaptive-consistency.ts'
import { context, heard, never, question, scripted } from '../helpers/scripted.ts'

const asked = question('What is 6 times 7?')
const adaptive = (upstream: ReturnType<typeof scripted>, options = {}) =>
  execute(adaptiveConsistency(options)(upstream.model), asked, context)

/** P(the leader stays ahead) by the paper's Beta rule: 1 - I(1/2; a + 1, b + 1) as a sum of binomials. */
function lead(leader: number, second: number): number {
  const n = leader + second + 1
  let sum = 0
  for (let j = 0; j <= leader; j++) {
    let ways = 1
    for (let k = 0; k < j; k++) ways = (ways * (n - k)) / (k + 1)
    sum += ways
  }
  return sum / 2 ** n
}

test('four answers that agree are enough, and the draws under way are cancelled', async () => {
  const upstream = scripted(({ draw }) => (draw < 4 ? '42' : never))
  const { completion } = await heard(adaptive(upstream))
  expect(completion.text).toBe('42')
  expect(upstream.live).toBe(0)
  expect(upstream.calls.length).toBeLessThanOrEqual(7)
})

test('it stops at the sample where the binomial tail says so, and at the latest after max', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom('41', '42', '43'), { minLength: 12, maxLength: 12 }), async (answers) => {
      const upstream = scripted(({ draw }) => answers[draw]!)
      const { completion, events } = await heard(adaptive(upstream, { max: 12, wave: 1 }))
      const counts = new Map<string, number>()
      let stop = 0
      for (const answer of answers) {
        stop++
        counts.set(answer, (counts.get(answer) ?? 0) + 1)
        const [first = 0, second = 0] = [...counts.values()].sort((a, b) => b - a)
        if (lead(first, second) >= 0.95) break
      }
      const votes = events.find((event) => event.type === 'votes')?.votes
      expect(votes?.votes.reduce((sum, { count }) => sum + count, 0)).toBe(stop)
      const most = Math.max(...counts.values())
      expect(counts.get(completion.text)).toBe(most)
    }),
  )
})

test('no more than a wave is under way at once', async () => {
  const upstream = scripted(({ draw }) => ['1', '2', '3', '4'][draw % 4]!)
  await heard(adaptive(upstream, { max: 20, wave: 5 }))
  expect(upstream.peak).toBe(5)
  expect(upstream.calls).toHaveLength(20)
})

test('a spent budget answers with the vote so far', async () => {
  const upstream = scripted(({ draw }) => (draw % 2 ? '42' : '41'))
  const { result } = execute(adaptiveConsistency()(upstream.model), asked, { ...context, limits: { calls: 3 } })
  expect(await result).toMatchObject({ text: '41', finish: 'budget' })
})
