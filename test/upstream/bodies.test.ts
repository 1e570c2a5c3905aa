import { expect, test } from 'vitest'
import type { Prompt } from '#core'
import { startUpstream } from '../helpers/upstream.ts'
import { draw, drawOne, modelAt, question, words } from './leaf.ts'

async function bodyOf(prompt: Prompt, options: Parameters<typeof modelAt>[1] = {}) {
  await using upstream = await startUpstream()
  await drawOne(modelAt(upstream.url, options), prompt)
  return upstream.asked[0]!.json!
}

test('every field of the request, known or not, reaches the upstream as it is', async () => {
  const rest = {
    top_p: 0.9,
    tools: [{ type: 'function', function: { name: 'f', parameters: { type: 'object' } } }],
    response_format: { type: 'json_object' },
    chat_template_kwargs: { enable_thinking: true },
    logit_bias: { 50256: -100 },
    user: 'someone',
    vendor: { deep: [1, null, 'ü'] },
    metadata: null,
  }
  const messages = [{ role: 'user', content: [{ type: 'text', text: 'hi' }], name: 'Ann', vendor: 1 }]
  const body = await bodyOf({ messages, temperature: 0.3, rest })
  expect(body).toEqual({
    ...rest,
    model: 'm',
    messages,
    temperature: 0.3,
    stream: true,
    stream_options: { include_usage: true },
  })
})

test('it is always a stream that is asked for, whatever the client wanted', async () => {
  expect(await bodyOf({ ...question, rest: { stream: false } })).toMatchObject({ stream: true })
})

test('the client’s stop strings never reach the upstream, where they would cut the thinking', async () => {
  expect(await bodyOf({ ...question, stop: ['\n\n'] })).not.toHaveProperty('stop')
})

test('what nobody asked for is not invented', async () => {
  const body = await bodyOf(question, { thinkingTokens: 4096 })
  expect(Object.keys(body).sort()).toEqual(['messages', 'model', 'stream', 'stream_options'])
})

test.each(['max_tokens', 'max_completion_tokens'] as const)(
  'the client’s %s keeps its name and gets the thinking’s allowance on top',
  async (field) => {
    for (const limitField of ['max_tokens', 'max_completion_tokens'] as const)
      expect(await bodyOf({ ...question, rest: { [field]: 100 } }, { thinkingTokens: 4000, limitField })).toMatchObject(
        {
          [field]: 4100,
        },
      )
    const plain = await bodyOf({ ...question, rest: { [field]: 100 } })
    expect(plain).toMatchObject({ [field]: 100 })
    expect(['max_tokens', 'max_completion_tokens'].filter((name) => name in plain)).toEqual([field])
  },
)

test.each(['max_tokens', 'max_completion_tokens'] as const)(
  'a strategy’s own limit goes out as the configured %s',
  async (limitField) => {
    const body = await bodyOf({ ...question, maxTokens: 256 }, { limitField, thinkingTokens: 1000 })
    expect(body).toMatchObject({ [limitField]: 1256 })
  },
)

test('a strategy’s own limit replaces the client’s, under the name that the client uses', async () => {
  const body = await bodyOf({ ...question, maxTokens: 256, rest: { max_completion_tokens: 9 } })
  expect(body).toMatchObject({ max_completion_tokens: 256 })
  expect(body).not.toHaveProperty('max_tokens')
  const both = await bodyOf({ ...question, maxTokens: 256, rest: { max_completion_tokens: 9, max_tokens: 8 } })
  expect([both['max_tokens'], both['max_completion_tokens']].filter((limit) => limit !== undefined)).toEqual([256])
})

test('a limit of null is no limit', async () => {
  expect(await bodyOf({ ...question, rest: { max_tokens: null } }, { thinkingTokens: 10 })).toMatchObject({
    max_tokens: null,
  })
})

test('the first draw keeps the client’s seed and every other has its own, the same ones each time', async () => {
  await using upstream = await startUpstream()
  const model = modelAt(upstream.url)
  // Different prompts, so that each draw is a request.
  const prompts = words(4).map((prompt) => ({ ...prompt, seed: 7 }))
  await draw(model, prompts)
  await draw(model, prompts)
  const seeds = upstream.asked.map(({ json }) => json?.['seed'])
  expect(seeds[0]).toBe(7)
  expect(new Set(seeds.slice(0, 4)).size).toBe(4)
  expect(seeds.slice(4)).toEqual(seeds.slice(0, 4))
})

test('single calls that top up a short n do not repeat its seed', async () => {
  await using upstream = await startUpstream()
  await draw(modelAt(upstream.url), { ...question, seed: 7 }, { n: 3 })
  const seeds = upstream.asked.map(({ json }) => json?.['seed'])
  expect(seeds[0]).toBe(7)
  expect(new Set(seeds).size).toBe(3)
})

test('a request without a seed is not given one', async () => {
  expect(await bodyOf(question)).not.toHaveProperty('seed')
})

test('reasoning of earlier turns is never sent upstream again', async () => {
  const content = [
    { type: 'thinking', thinking: [{ type: 'text', text: 'hm' }] },
    { type: 'text', text: 'four' },
  ]
  const { messages } = await bodyOf({
    messages: [
      { role: 'user', content: 'two and two?' },
      { role: 'assistant', content: 'four', reasoning_content: 'hm', reasoning: 'hm', thinking: 'hm', name: 'kept' },
      { role: 'assistant', content: '<think>\nhm\n</think>\n\nfour', reasoning_details: [{ text: 'hm' }] },
      { role: 'assistant', content: 'hm</think>four' },
      { role: 'assistant', content },
      { role: 'assistant', content: null, tool_calls: [{ id: 'c' }] },
      { role: 'user', content: 'what does <think>this</think> mean?' },
    ],
  })
  expect(messages).toEqual([
    { role: 'user', content: 'two and two?' },
    { role: 'assistant', content: 'four', name: 'kept' },
    { role: 'assistant', content: 'four' },
    { role: 'assistant', content: 'four' },
    { role: 'assistant', content: [{ type: 'text', text: 'four' }] },
    { role: 'assistant', content: null, tool_calls: [{ id: 'c' }] },
    { role: 'user', content: 'what does <think>this</think> mean?' },
  ])
})
