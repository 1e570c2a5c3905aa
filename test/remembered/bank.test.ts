import { describe, expect, test } from 'vitest'
import { readConfig } from '../../src/config/index.ts'
import { startNode } from '../../src/node.ts'
import { ask, inTurn, stage } from '../runtime/proxy.ts'

const on = (env: Record<string, string>) =>
  stage(async (more) => {
    const { url, close } = await startNode(readConfig({ PORT: '0', ...more }))
    return { url, close: () => close(0) }
  }, env)

type Reply = {
  usage: { total_tokens: number }
  choices: { message: { content: string; reasoning_content: string } }[]
  mull: { calls: number; banked?: number; samples: { done: number } }
}

describe('a bank for all', () => {
  const mull = on({ MULL_BANK: 'on' })
  const sampled = async (n: number, question?: string, more: object = {}, headers: Record<string, string> = {}) =>
    (await (await mull.post({ ...ask(`r1+sc@${n}`, question), ...more }, headers)).json()) as Reply

  test('draws what is missing, and says what came from where', async () => {
    mull.upstream.reply(inTurn('42', '41', '42'))
    const first = await sampled(3)
    expect(first.mull).toMatchObject({ calls: 3, samples: { done: 3 } })
    expect(first.mull.banked).toBeUndefined()
    const second = await sampled(5)
    expect(second.mull).toMatchObject({ calls: 2, banked: 3, samples: { done: 5 } })
    expect(second.choices[0]?.message.reasoning_content).toContain('The bank has 3 samples of this prompt')
    expect(second.usage.total_tokens).toBeLessThan(first.usage.total_tokens)
    const third = await sampled(5)
    expect(third.mull).toMatchObject({ calls: 0, banked: 5 })
    expect(third.usage.total_tokens).toBe(0)
  })

  test.each([
    ['mull.bank is false', { mull: { bank: false } }, {}],
    ['mull.cache says no_cache', { mull: { cache: { no_cache: true } } }, {}],
    ['x-mull-cache says no-store', {}, { 'x-mull-cache': 'no-store' }],
  ])('draws all anew where %s', async (question, more, headers: Record<string, string>) => {
    await sampled(2, question)
    expect((await sampled(2, question, more, headers)).mull).toMatchObject({ calls: 2 })
  })

  test('keeps what was drawn for a client that did not wait', async () => {
    const left = new AbortController()
    mull.upstream.reply(inTurn('1', '2', '3', '4'))
    const reply = await mull.post({ ...ask('r1+sc@4', 'Who waits?'), stream: true }, {}, left.signal)
    let told = ''
    for await (const bytes of reply.body!.pipeThrough(new TextDecoderStream())) {
      told += bytes
      if (told.includes('Agreement')) break
    }
    left.abort()
    expect((await sampled(4, 'Who waits?')).mull).toMatchObject({ calls: 0, banked: 4 })
  })
})

describe('a bank for those who ask', () => {
  const mull = on({ MULL_BANK: 'asked' })

  test('is for nobody else', async () => {
    const calls = []
    for (const bank of [true, undefined, true])
      calls.push(((await (await mull.post({ ...ask('r1+sc@2'), mull: { bank } })).json()) as Reply).mull.calls)
    expect(calls).toEqual([2, 2, 0])
  })
})
