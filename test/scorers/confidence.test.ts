import { describe, expect, test } from 'vitest'
import { type Completion, execute, type Prompt } from '#core'
import { bestOfN } from '../../strategies/best-of-n.ts'
import { selfConsistency } from '../../strategies/self-consistency.ts'
import { named, opinionOf, said } from '../helpers/scoring.ts'
import { context, heard, question, scripted } from '../helpers/scripted.ts'

/** Tokens whose second choice is as unlikely as said: the higher, the surer of the first. */
const tokens = (...sure: readonly number[]) => ({
  logprobs: {
    content: sure.map((sure) => ({
      token: 'a',
      logprob: 0,
      top_logprobs: [
        { token: 'a', logprob: 0 },
        { token: 'b', logprob: -2 * sure },
      ],
    })),
  },
})

const sure = (...values: readonly number[]): Completion => said('42', { choiceExtra: tokens(...values) })

describe('token confidence', () => {
  test.each([
    ['mean', 10, [4, 8, 12], 8],
    ['tail', 2, [4, 8, 12], 10],
    ['lowest', 2, [4, 8, 12], 6],
    ['lowest', 1, [4, 2, 12], 2],
    ['lowest', 2048, [4, 8, 12], 8],
    ['bottom', 1, [12, 4, 8], 4],
  ])('over %s, window %i', async (over, window, values, found) => {
    const opinion = await opinionOf(named('confidence', { over, window }), sure(...values))
    expect(opinion?.score).toBeCloseTo(found / 40)
  })

  test('is in [0, 1] whatever a server writes for never', async () => {
    expect((await opinionOf('confidence', sure(300)))?.score).toBe(1)
    expect((await opinionOf('confidence', sure(8, 9999, Infinity)))?.score).toBeLessThan(0.2)
  })

  test('is none of one that was cut off', async () => {
    expect(await opinionOf('confidence', { ...sure(9), finish: 'length' })).toBeUndefined()
  })

  test.each([
    ['none', {}],
    ['null', { choiceExtra: { logprobs: null } }],
    ['only the chosen tokens', { choiceExtra: { logprobs: { content: [{ token: 'a', logprob: -1 }] } } }],
  ])('is refused with %s', async (_, more) => {
    await expect(opinionOf('confidence', said('42', more))).rejects.toMatchObject({ status: 400, param: 'scorer' })
  })
})

describe('best-of-n by confidence', () => {
  const answer = async (prompt: Prompt, can = true) => {
    const upstream = scripted([
      { text: '41', choiceExtra: { ...tokens(2, 2), other: 1 } },
      { text: '42', choiceExtra: { ...tokens(9, 9), other: 2 } },
    ])
    const execution = execute(bestOfN({ n: 2, scorer: 'confidence' })(upstream.model), prompt, {
      ...context,
      can: async () => can,
    })
    return { upstream, ...(await heard(execution)) }
  }

  test('asks for log-probabilities, chooses by them, and gives the client none that it did not ask for', async () => {
    const { upstream, completion } = await answer(question('?'))
    expect(upstream.calls.map(({ prompt }) => prompt.rest)).toEqual([
      { logprobs: true, top_logprobs: 20 },
      { logprobs: true, top_logprobs: 20 },
    ])
    expect(completion).toMatchObject({ text: '42', choiceExtra: { other: 2 } })
    expect(completion.choiceExtra).not.toHaveProperty('logprobs')
    expect(completion.others?.[0]?.choiceExtra).toEqual({ other: 1 })
  })

  test('gives a client that asked for some as many as it asked for', async () => {
    const { completion } = await answer(question('?', { rest: { logprobs: true, top_logprobs: 1 } }))
    const { content } = completion.choiceExtra!['logprobs'] as { content: { top_logprobs: unknown[] }[] }
    expect(content.map(({ top_logprobs: top }) => top.length)).toEqual([1, 1])
  })

  test('is refused by an upstream that has none', async () => {
    await expect(answer(question('?'), false)).rejects.toThrow('log-probabilities')
  })
})

test('no other scorer asks for anything', async () => {
  const upstream = scripted(['42'])
  const ask = (strategy: ReturnType<typeof bestOfN>) => execute(strategy(upstream.model), question('?'), context).result
  await ask(selfConsistency({ n: 2 }))
  await ask(bestOfN({ n: 2, scorer: 'agreement' }))
  for (const { prompt } of upstream.calls) expect(prompt.rest).toBeUndefined()
})
