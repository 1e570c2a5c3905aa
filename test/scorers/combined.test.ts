import { describe, expect, test } from 'vitest'
import { UpstreamFailed } from '#core'
import { named, opinionOf, replying, said, scoring } from '../helpers/scoring.ts'

const both = ['verify', 'judge']

test('who fails a gate scores 0, and no judge is asked', async () => {
  const { found, judge } = await scoring(both, {}, (run) => run.opinion(said('2 + 2 = 5')))
  expect(found).toEqual({ score: 0, pass: false, detail: '2 + 2 is not 5.' })
  expect(judge.calls).toEqual([])
})

test('who passes is judged', async () => {
  const opinion = await opinionOf(both, '2 + 2 = 4', { judge: ['Good.\nScore: 7'] })
  expect(opinion).toEqual({ score: 0.7, pass: true, detail: 'Its equation holds. Good.' })
})

test('a gate with nothing to look at is open', async () => {
  expect(await opinionOf(both, 'A poem.', { judge: ['Score: 7'] })).toEqual({ score: 0.7 })
})

test('gates alone are passed or not', async () => {
  expect(await opinionOf(['verify', 'format'], '2 + 2 = 4')).toMatchObject({ score: 1, pass: true })
  expect(await opinionOf(['verify', 'format'], said('2 + 2 = 4', { finish: 'length' }))).toMatchObject({ pass: false })
})

test('what a verifier proves stays proven beside gates that only look at the form', async () => {
  const services = { verify: replying(() => ({ pass: true })) }
  expect(await opinionOf(['verify', 'format'], '42', { services })).toMatchObject({ pass: true, proven: true })
  expect(await opinionOf(['verify', 'format'], '2 + 2 = 4')).not.toHaveProperty('proven')
})

test('a judge that fails costs the score of what passed', async () => {
  const down = () => {
    throw new UpstreamFailed('x', 'Out.', 503)
  }
  await expect(opinionOf(both, '2 + 2 = 4', { judge: down })).rejects.toMatchObject({ status: 503 })
})

describe('scores are summed by their weights', () => {
  const strict = named('judge', { rubric: 'Be strict.', weight: 3 })
  const judge = ({ prompt }: { prompt: { messages: readonly { content?: unknown }[] } }) =>
    String(prompt.messages[0]!.content).includes('Be strict.') ? 'Score: 4' : 'Score: 8'

  test('weights of 1 and 3', async () => {
    expect((await opinionOf(['judge', strict], 'x', { judge }))?.score).toBeCloseTo((0.8 + 3 * 0.4) / 4)
  })

  test('a missing score counts for nothing', async () => {
    const half = (call: Parameters<typeof judge>[0]) => (judge(call) === 'Score: 4' ? 'Hm.' : 'Score: 8')
    expect((await opinionOf(['judge', strict], 'x', { judge: half }))?.score).toBe(0.8)
  })

  test('a weight of 0 leaves a score out, and of all 0 there is none', async () => {
    expect((await opinionOf([named('judge', { weight: 0 }), strict], 'x', { judge }))?.score).toBeCloseTo(0.4)
    expect(await opinionOf([named('judge', { weight: 0 })], 'x', { judge })).toBeUndefined()
  })
})

describe('a comparison', () => {
  const compare = (a: string, b: string, reply = 'Better: neither') =>
    scoring(both, { judge: [reply] }, (run) => run.compare(said(a), said(b)))

  test('is won by who alone passes the gates, and no judge is asked', async () => {
    const { found, judge } = await compare('2 + 2 = 4', '2 + 2 = 5')
    expect(found).toBe(1)
    expect(judge.calls).toEqual([])
    expect((await compare('2 + 2 = 5', 'A poem.')).found).toBe(0)
    expect((await compare('2 + 2 = 5', '2 + 2 = 6')).found).toBe(0.5)
  })

  test('is the judge’s where both pass', async () => {
    const { found, judge } = await compare('A poem.', '2 + 2 = 4')
    expect(found).toBe(0.5)
    expect(judge.calls).toHaveLength(2)
  })

  test('goes by scores where nobody compares', async () => {
    const { found } = await scoring(['format'], {}, (run) => run.compare(said('x'), said('')))
    expect(found).toBe(1)
  })
})

test('tests are run by whoever runs tests', async () => {
  const services = { verify: { ask: async () => ({ passed: [true] }) } }
  const { found } = await scoring(['judge', 'verify'], { services }, (run) => run.check(said('x'), ['t']))
  expect(found).toEqual([true])
})
