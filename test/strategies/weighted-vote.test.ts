import { describe, expect, test } from 'vitest'
import { type Completion, execute, UpstreamFailed } from '#core'
import { weightedVote } from '../../strategies/weighted-vote.ts'
import { type Call, context, heard, type Line, never, question, scripted } from '../helpers/scripted.ts'
import { asking, costOf, voters } from '../helpers/strategy.ts'

const asked = question('What is 6 times 7?')
/** What the judge says of each candidate by its text. */
const judging = (judge: (candidate: string) => Line | Promise<Line>) => (call: Call) =>
  judge(/<candidate>\n([\s\S]*)\n<\/candidate>/.exec(String(call.prompt.messages[0]?.content))![1]!)
const grades = (grade: Record<string, number>) => judging((candidate) => `Score: ${grade[candidate]}`)

const vote = (lines: readonly Line[], judge: (call: Call) => Line | Promise<Line>, limits = {}) => {
  const upstream = scripted(asking(lines, judge))
  const execution = execute(weightedVote({ n: lines.length })(upstream.model), asked, { ...context, limits })
  return heard(execution).then((all) => ({ upstream, ...all }))
}

test('the answer with the highest sum of scores wins, in the words of its best path', async () => {
  const lines = ['It is 41.', '41', '41.', 'It is 42.', 'So 42.']
  const grade = { 'It is 41.': 1, '41': 2, '41.': 1, 'It is 42.': 5, 'So 42.': 6 }
  const { completion, events } = await vote(lines, grades(grade))
  expect(completion).toMatchObject({ text: 'So 42.', index: 4 })
  expect(completion.others?.map(({ text }) => text)).toEqual(['41'])
  expect(events.find(({ type }) => type === 'votes')).toMatchObject({
    votes: {
      votes: [
        { count: 2, weight: expect.closeTo(1.1) },
        { count: 3, weight: expect.closeTo(0.4) },
      ],
    },
  })
})

test.each([0, 5, 10])('scores that are all %d leave the plain vote', async (score) => {
  const { completion } = await vote(['41', '42', '42', '40'], () => `Score: ${score}`)
  expect(completion).toMatchObject({ text: '42', index: 1 })
})

test('a unanimous vote costs no score', async () => {
  const { completion, upstream } = await vote(['42', 'It is 42.', '42'], () => 'Score: 5')
  expect(completion).toMatchObject({ text: '42', index: 0 })
  expect(upstream.calls).toHaveLength(3)
})

test('a path that has no vote is not scored', async () => {
  const { upstream } = await vote(['41', '42', { text: '4', finish: 'length' }], () => 'Score: 5')
  expect(upstream.calls).toHaveLength(5)
})

test('it spends what it says', async () => {
  const { spent, stated } = await costOf(
    weightedVote,
    { n: 4 },
    asking(['1', '2', '3', '4'], () => 'Score: 5'),
  )
  expect(spent).toEqual(stated)
})

describe('a score that is missing', () => {
  test('weighs as the mean of the others', async () => {
    const judge = judging((candidate) => (candidate.includes('42') ? 'I cannot tell.' : 'Score: 4'))
    expect((await vote(['41', '42', '42', '40'], judge)).completion.text).toBe('42')
  })

  test('because its judge failed does too, and that is told', async () => {
    const judge = judging((candidate) => {
      if (candidate === '42') throw new UpstreamFailed('x', 'Out.', 503)
      return `Score: ${candidate === '41' ? 9 : 1}`
    })
    const { completion, notes } = await vote(['40', '42', '41', '42'], judge)
    expect(completion satisfies Completion).toMatchObject({ text: '42', index: 1 })
    expect(notes).toContain('Sample 2 could not be scored: Out.')
  })
})

test('a budget that ends among the scores leaves the vote with those that came', async () => {
  const judge = judging((candidate) => (candidate === '40' ? never : `Score: ${candidate === '42' ? 9 : 1}`))
  const { completion } = await vote(['41', '42', '40'], judge, { ms: 300 })
  expect(completion).toMatchObject({ text: '42', finish: 'budget' })
})

voters(weightedVote({ n: 3 }), () => 'Score: 5')
