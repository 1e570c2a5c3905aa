import { describe, expect, test, vi } from 'vitest'
import { promptOf } from '../../../src/upstream/tiny/template.ts'
import { tokenizer } from '../../../src/upstream/tiny/tokenizer.ts'
import { tiny } from '../../../src/upstream/tiny.ts'
import { config, naiveLogits, randomFile, randomWeights, vocabulary } from '../../helpers/tiny.ts'
import { ask, babbler, contents, post, question, type Whole } from './serve.ts'

const get = (path: string) => babbler(new Request(`http://tiny/v1${path}`))

test('it lists itself, and nothing else', async () => {
  expect(await (await get('/models')).json()).toMatchObject({ object: 'list', data: [{ id: 'tiny-r1' }] })
  expect(await (await get('/models/tiny-r1')).json()).toMatchObject({ id: 'tiny-r1', object: 'model' })
  expect((await get('/models/gpt-4o')).status).toBe(404)
  expect((await get('/embeddings')).status).toBe(404)
})

test('greedy, it says what its definition says', async () => {
  const weights = randomWeights({ sharpness: 6 })
  const words = tokenizer(vocabulary)
  const tokens = promptOf([{ role: 'user', text: question[0]!.content }], false, words)
  const said: number[] = []
  for (let at = 0; at < 12; at++) {
    const logits = naiveLogits(weights, [...tokens, ...said])
    const next = logits.indexOf(Math.max(...logits))
    if (words.ends(next)) break
    said.push(next)
  }
  const { choices, usage } = await ask({ temperature: 0, max_tokens: said.length })
  expect(choices[0]!.message).toEqual({ role: 'assistant', content: said.map(words.text).join('') })
  expect(usage.prompt_tokens).toBe(tokens.length)
})

describe('the number of tokens', () => {
  test('ends at the limit, by either name, and says so', async () => {
    for (const field of ['max_tokens', 'max_completion_tokens']) {
      const { choices, usage } = await ask({ [field]: 5, seed: 1 })
      expect(choices[0]!.finish_reason).toBe('length')
      expect(usage.completion_tokens).toBe(5)
      expect(usage.total_tokens).toBe(usage.prompt_tokens + 5)
    }
  })

  test('ends where the context does, whatever limit was given', async () => {
    const { choices, usage } = await ask({ max_tokens: 10_000, temperature: 0 })
    expect(choices[0]!.finish_reason).toBe('length')
    expect(usage.total_tokens).toBe(config.context)
  })

  test('a prompt as long as the context is refused as OpenAI does', async () => {
    const said = (length: number) => [{ role: 'user', content: '1'.repeat(length) }]
    const response = await post({ messages: said(config.context - 2) })
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ error: { code: 'context_length_exceeded' } })
    const { usage } = await ask({ messages: said(config.context - 3) })
    expect(usage).toMatchObject({ prompt_tokens: config.context - 1, completion_tokens: 1 })
  })
})

describe('choices', () => {
  test('come as many as are asked for, more than advance at once too, each with a stream of chance of its own', async () => {
    const { choices } = await ask({ n: 70, max_tokens: 9, seed: 3, temperature: 2 })
    expect(choices.map(({ index }) => index)).toEqual([...Array(70).keys()])
    expect(new Set(choices.map(({ message }) => message.content)).size).toBeGreaterThan(50)
  })

  test('are the same again with the same seed, and others with another or none', async () => {
    const first = await contents({ n: 3, max_tokens: 20, seed: 4 })
    expect(await contents({ n: 3, max_tokens: 20, seed: 4 })).toEqual(first)
    expect(await contents({ n: 3, max_tokens: 20, seed: 5 })).not.toEqual(first)
    expect(await contents({ n: 3, max_tokens: 20 })).not.toEqual(await contents({ n: 3, max_tokens: 20 }))
  })

  test('do not depend on how many others are drawn', async () => {
    const [alone] = await contents({ max_tokens: 20, seed: 6 })
    const many = await contents({ n: 40, max_tokens: 20, seed: 6 })
    expect(many[0]).toBe(alone)
  })

  test('end each by itself, and the end of a turn is no text', async () => {
    const ending = randomFile({ ends: true })
    const serve = tiny({ weights: async () => ending })
    const reply = await post({ n: 64, max_tokens: 60, seed: 7, logprobs: true }, undefined, serve)
    const { choices, usage } = (await reply.json()) as Whole
    const ends = choices.filter(({ finish_reason }) => finish_reason === 'stop')
    expect(ends.length).toBeGreaterThan(10)
    for (const { message } of choices) expect(message.content).not.toMatch(/<\|/)
    const listed = choices.reduce((sum, { logprobs }) => sum + logprobs!.content.length, 0)
    expect(usage.completion_tokens).toBe(listed + ends.length)
  })

  test('are all the likeliest at temperature 0', async () => {
    const [first, ...others] = await contents({ n: 3, max_tokens: 12, temperature: 0 })
    for (const other of others) expect(other).toBe(first)
    expect(await contents({ max_tokens: 12, temperature: 1, top_p: 0 })).toEqual([first])
    expect(await contents({ max_tokens: 12, temperature: 2, top_k: 1 })).toEqual([first])
  })
})

describe('a reply that is begun', () => {
  const [greedy, limit] = [{ temperature: 0 }, 14]
  const begun = async (fields: object, last: object = {}) => {
    const [whole] = await contents({ ...greedy, max_tokens: limit })
    const messages = [...question, { role: 'assistant', content: whole!.slice(0, 6), ...last }]
    return {
      whole,
      rest: await contents({ ...greedy, messages, max_tokens: limit - 6, ...fields }),
      start: whole!.slice(0, 6),
    }
  }

  test.each([
    { form: 'vLLM’s', fields: { continue_final_message: true, add_generation_prompt: false }, last: {} },
    { form: 'DeepSeek’s', fields: {}, last: { prefix: true } },
  ])('is continued in $form form, and not repeated', async ({ fields, last }) => {
    const { whole, start, rest } = await begun(fields, last)
    expect(start.length).toBe(6)
    expect(start + rest[0]).toBe(whole)
  })

  test('is a turn of its own without either', async () => {
    const { whole, start, rest } = await begun({})
    expect(start + rest[0]).not.toBe(whole)
  })

  test('must be the assistant’s', async () => {
    const response = await post({ continue_final_message: true, add_generation_prompt: false })
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ error: { param: 'messages' } })
  })
})

test.each([
  ['messages', { messages: [] }],
  ['messages', { messages: 'hello' }],
  ['n', { n: 129 }],
  ['n', { n: 1.5 }],
  ['temperature', { temperature: 3 }],
  ['top_p', { top_p: -1 }],
  ['max_tokens', { max_tokens: 0 }],
  ['seed', { seed: 'x' }],
  ['stop', { stop: [1] }],
  ['top_logprobs', { logprobs: true, top_logprobs: 21 }],
  ['top_logprobs', { top_logprobs: 2 }],
  ['model', { model: 'gpt-4o' }],
])('a request with a wrong %s is refused, and told which field: %j', async (param, fields) => {
  const response = await post(fields)
  expect([400, 404]).toContain(response.status)
  expect(await response.json()).toMatchObject({ error: { type: 'invalid_request_error', param } })
})

test('weights are asked for at the first completion alone, and again only where they could not be had', async () => {
  const complain = vi.spyOn(console, 'error').mockImplementation(() => {})
  const file = randomFile()
  const weights = vi.fn(async () => file).mockRejectedValueOnce(new Error('no such file'))
  const serve = tiny({ weights })
  await serve(new Request('http://tiny/v1/models'))
  expect(weights).toHaveBeenCalledTimes(0)
  const failed = await post({}, undefined, serve)
  expect(failed.status).toBe(503)
  expect(await failed.json()).toMatchObject({ error: { code: 'weights_unreadable' } })
  expect(complain).toHaveBeenCalledOnce()
  for (let time = 0; time < 2; time++) expect((await post({ max_tokens: 1 }, undefined, serve)).status).toBe(200)
  expect(weights).toHaveBeenCalledTimes(2)
  complain.mockRestore()
})
