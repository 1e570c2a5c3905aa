import fc from 'fast-check'
import { expect, test } from 'vitest'
import { demo } from '../../../src/upstream/demo.ts'
import { answerOf, bodyOf, contentOf, post, reply } from './ask.ts'

const get = (path: string) => demo()(new Request(`http://demo${path}`))

test('it lists the one model it has, which says that it is a simulation', async () => {
  const list = await get('/v1/models')
  expect(await list.json()).toMatchObject({ object: 'list', data: [{ id: 'demo', object: 'model' }] })
  expect(await (await get('/v1/models/demo')).json()).toMatchObject({
    id: 'demo',
    owned_by: expect.stringContaining('simulation'),
  })
  expect((await get('/v1/models/other')).status).toBe(404)
})

test('it answers with a think block and an answer, as R1 does', async () => {
  const { choices, model, usage } = await reply(demo({ errorRate: 0 }))
  expect(model).toBe('demo')
  expect(choices).toMatchObject([{ index: 0, finish_reason: 'stop' }])
  expect(choices[0]!.message.content).toMatch(/^<think>\n[\s\S]+\n<\/think>\n\n.*408/)
  expect(usage.total_tokens).toBe(usage.prompt_tokens + usage.completion_tokens)
  expect(usage.completion_tokens).toBeGreaterThan(10)
})

test.each([
  { what: 'no JSON', body: '{', status: 400 },
  { what: 'no messages', body: { model: 'demo', messages: [] }, status: 400 },
  { what: 'messages without a role', body: { model: 'demo', messages: [{ content: 'hi' }] }, status: 400 },
  { what: 'n of none', body: bodyOf({ n: 0 }), status: 400 },
  { what: 'too many choices', body: bodyOf({ n: 1000 }), status: 400 },
  { what: 'no room for a word', body: bodyOf({ max_tokens: 0 }), status: 400 },
  { what: 'another model', body: bodyOf({ model: 'gpt' }), status: 404 },
])('$what is refused in OpenAI’s form', async ({ body, status }) => {
  const response = await post(demo(), body)
  expect(response.status).toBe(status)
  const { error } = (await response.json()) as { error: object }
  expect(error).toMatchObject({ message: expect.any(String), type: 'invalid_request_error' })
})

test('what it does not offer is not found', async () => {
  expect((await post(demo(), {}, '/v1/embeddings')).status).toBe(404)
  expect((await get('/v1/chat/completions')).status).toBe(404)
})

test('a question that is no arithmetic is told what this is', async () => {
  for (const question of ['Who was Napoleon?', 'hello', '', '?'])
    expect(answerOf(await contentOf(demo(), { question }))).toMatch(/simulation.*UPSTREAM_BASE_URL/s)
})

test('the same seed gives the same reply, and another one another', async () => {
  const said = async (seed: number) => contentOf(demo({ errorRate: 0.5 }), { seed })
  expect(await said(1)).toBe(await said(1))
  const many = await Promise.all(Array.from({ length: 20 }, (_, seed) => said(seed)))
  expect(new Set(many).size).toBeGreaterThan(5)
})

test('without a seed every reply is its own', async () => {
  const ask = demo({ errorRate: 0.5 })
  const many = await Promise.all(Array.from({ length: 20 }, () => contentOf(ask)))
  expect(new Set(many).size).toBeGreaterThan(5)
})

test('the choices of one request are as many as asked for, and differ', async () => {
  const { choices } = await reply(demo({ errorRate: 0.5 }), { n: 16, seed: 1 })
  expect(choices.map(({ index }) => index)).toEqual(Array.from({ length: 16 }, (_, index) => index))
  expect(new Set(choices.map(({ message }) => message.content)).size).toBeGreaterThan(4)
})

test('temperature 0 is greedy: one reply whatever the seed, and the likeliest, which is right', async () => {
  const said = await Promise.all(
    [1, 2, 3, 4].map((seed) => contentOf(demo({ errorRate: 0.5 }), { temperature: 0, seed })),
  )
  expect(new Set(said).size).toBe(1)
  expect(answerOf(said[0]!)).toContain('408')
})

test('a stop string ends the reply before it, and a limit after so many tokens', async () => {
  const ask = demo({ errorRate: 0 })
  const whole = await contentOf(ask, { seed: 1 })
  expect(await contentOf(ask, { seed: 1, stop: '</think>' })).toBe(whole.split('</think>')[0])
  expect(await contentOf(ask, { seed: 1, stop: ['408', '</think>'] })).toBe(whole.split(/408|<\/think>/)[0])
  for (const field of ['max_tokens', 'max_completion_tokens']) {
    const { choices, usage } = await reply(ask, { seed: 1, [field]: 5 })
    expect(choices[0]!.finish_reason).toBe('length')
    expect(whole.startsWith(choices[0]!.message.content)).toBe(true)
    expect(usage.completion_tokens).toBe(5)
  }
})

test('a stream says the same as a reply in one piece', async () => {
  const ask = demo()
  const options = { seed: 3, n: 3, max_tokens: 60 }
  const whole = await reply(ask, options)
  const response = await post(ask, bodyOf({ ...options, stream: true, stream_options: { include_usage: true } }))
  expect(response.headers.get('content-type')).toMatch('text/event-stream')
  const events = (await response.text()).trim().split('\n\n')
  expect(events.at(-1)).toBe('data: [DONE]')
  const chunks = events.slice(0, -1).map((event) => JSON.parse(event.slice('data: '.length)))
  const choices = whole.choices.map(() => ({ content: '', finish_reason: '' }))
  for (const { choices: pieces } of chunks)
    for (const { index, delta, finish_reason } of pieces) {
      choices[index]!.content += delta.content ?? ''
      choices[index]!.finish_reason = finish_reason ?? choices[index]!.finish_reason
    }
  expect(choices).toEqual(
    whole.choices.map(({ message, finish_reason }) => ({ content: message.content, finish_reason })),
  )
  expect(chunks.at(-1)).toMatchObject({ choices: [], usage: whole.usage })
  expect(chunks.length).toBeGreaterThan(50)
})

test('a JSON answer is JSON, under the name that the schema gives the number', async () => {
  const ask = demo({ errorRate: 0 })
  const plain = await contentOf(ask, { response_format: { type: 'json_object' } })
  expect(JSON.parse(answerOf(plain))).toEqual({ answer: 408 })
  const schema = { properties: { why: { type: 'string' }, product: { type: 'integer' } } }
  const named = await contentOf(ask, { response_format: { type: 'json_schema', json_schema: { schema } } })
  expect(JSON.parse(answerOf(named))).toEqual({ product: 408 })
})

const digits = fc.string({
  unit: fc.constantFrom(...'0123456789 +-*/().%,?=<>[]\n^$\\', 'each ', 'times ', ' of ', 'left '),
  maxLength: 80,
})
const anyPart = fc.oneof(
  fc.string(),
  digits,
  fc.constant(null),
  fc.array(fc.record({ text: fc.string() }), { maxLength: 2 }),
)
const messages = fc.array(fc.record({ role: fc.constantFrom('user', 'assistant', 'system'), content: anyPart }), {
  minLength: 1,
  maxLength: 4,
})

test('no conversation brings it down', async () => {
  const ask = demo()
  await fc.assert(
    fc.asyncProperty(messages, fc.integer(), fc.boolean(), async (messages, seed, stream) => {
      const response = await post(ask, { model: 'demo', messages, seed, stream, n: 2 })
      expect(response.status).toBe(200)
      expect(await response.text()).toContain('</think>')
    }),
    { numRuns: 300 },
  )
})

test('no body brings it down', async () => {
  const ask = demo()
  const fields = [
    'model',
    'messages',
    'n',
    'stop',
    'seed',
    'temperature',
    'response_format',
    'max_tokens',
    'stream',
    'stream_options',
  ]
  const body = fc.dictionary(fc.constantFrom(...fields), fc.jsonValue())
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.jsonValue(), body), async (body) => {
      expect((await post(ask, JSON.stringify(body))).status).toBeOneOf([200, 400, 404])
      const asked = { ...bodyOf({}), ...(body as object), model: 'demo' }
      expect((await post(ask, asked)).status).toBeOneOf([200, 400])
    }),
    { numRuns: 300 },
  )
})
