import { expect, test } from 'vitest'
import { advantages, inScores } from '#core'

test.each([
  [
    [1, 0],
    [1, -1],
  ],
  [
    [0.5, 0.5, 0.5],
    [0, 0, 0],
  ],
  [
    [1, undefined, 0],
    [1, undefined, -1],
  ],
  [[undefined], [undefined]],
  [[], []],
])('the advantages of %j', (scores, ahead) => expect(advantages(scores)).toEqual(ahead))

test('scores are told best first, with how far they are from the mean', () => {
  const candidates = [0.25, 0.75, 0.5].map((_, index) => ({ text: '', finish: 'stop' as const, index }))
  expect(inScores(candidates, [0.25, undefined, 0.75])).toEqual([
    'Scores, and how far they are from the mean in standard deviations: sample 3 0.75 (+1.0), sample 1 0.25 (−1.0).',
    [
      { sample: 1, score: 0.25, advantage: -1 },
      { sample: 3, score: 0.75, advantage: 1 },
    ],
  ])
  expect(inScores(candidates, [])[0]).toBe('No candidate could be scored.')
})
