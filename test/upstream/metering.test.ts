import { expect, test } from 'vitest'
import { gate, startUpstream } from '../helpers/upstream.ts'
import { chunk, draw, drawOne, modelAt, question, sse, streamOf, words } from './leaf.ts'

const counted = { prompt_tokens: 100, completion_tokens: 40, total_tokens: 140 }

test('usage is booked once for each upstream request', async () => {
  await using upstream = await startUpstream(() => ({ choices: [{ text: 'a' }, { text: 'b' }], usage: counted }))
  const { ledger } = await draw(modelAt(upstream.url), question, { n: 2 })
  expect(ledger.usage).toEqual({ input: 100, output: 40 })
  expect(ledger).toMatchObject({ calls: 2, requests: 1 })
})

test('usage is the sum over all requests, with the details that upstreams give', async () => {
  const usage = {
    ...counted,
    cost: 0.5,
    prompt_tokens_details: { cached_tokens: 7 },
    completion_tokens_details: { reasoning_tokens: 30 },
  }
  await using upstream = await startUpstream((_, index) => ({ text: 'a', usage: index === 0 ? usage : counted }))
  const { ledger } = await draw(modelAt(upstream.url), words(2))
  expect(ledger.usage).toEqual({ input: 200, output: 80, reasoning: 30, cached: 7, cost: 0.5 })
})

test('the usage chunk that follows the end of the answer is waited for', async () => {
  const late = gate()
  await using upstream = await startUpstream(() => ({
    raw: { chunks: sse(chunk({ content: 'a' }, 'stop'), { choices: [], usage: counted }, '[DONE]') },
    holdAfter: { chunks: 1, gate: late },
  }))
  const model = modelAt(upstream.url)
  const answered = Promise.withResolvers<void>()
  const drawn = draw((prompt, scope) => model(prompt, scope).finally(answered.resolve), question)
  await answered.promise
  late.open()
  const { ledger } = await drawn
  expect(ledger.usage).toEqual({ input: 100, output: 40 })
  expect(upstream.left).toBe(0)
})

test('a usage chunk that never comes is given up, and estimated from the text', async () => {
  const never = gate()
  await using upstream = await startUpstream(() => ({
    raw: { chunks: sse(chunk({ content: 'a'.repeat(400) }, 'stop')) },
    holdAfter: { chunks: 1, gate: never },
  }))
  const { ledger, completions } = await draw(modelAt(upstream.url), question)
  expect(completions).toHaveLength(1)
  expect(ledger.usage).toMatchObject({ output: 100, estimated: true })
  await upstream.until(({ left }) => left === 1)
})

test('what an upstream does not count is estimated, thinking and tool calls included', async () => {
  const call = { index: 0, id: 'c', function: { name: 'f'.repeat(40), arguments: '{}'.repeat(30) } }
  await using upstream = await startUpstream(() =>
    streamOf([{ reasoning_content: 't'.repeat(200) }, { content: 'a'.repeat(100) }, { tool_calls: [call] }]),
  )
  const { ledger } = await draw(modelAt(upstream.url), question)
  expect(ledger.usage).toMatchObject({ output: 100, estimated: true })
  expect(ledger.usage.input).toBeGreaterThan(0)
})

test('what was heard before everyone left is booked too', async () => {
  const never = gate()
  await using upstream = await startUpstream(() => ({
    raw: { chunks: sse(chunk({ content: 'a'.repeat(40) }), chunk({ content: 'b' })) },
    holdAfter: { chunks: 1, gate: never },
  }))
  const leaving = new AbortController()
  const { ledger } = await draw(modelAt(upstream.url), question, {
    signals: [leaving.signal],
    onEvent: ({ type }) => {
      if (type === 'text-delta') leaving.abort(new Error('not needed'))
    },
  })
  expect(ledger.usage).toMatchObject({ output: 10, estimated: true })
  await upstream.until(({ left }) => left === 1)
})

test('a request that failed at once costs nothing', async () => {
  await using upstream = await startUpstream(() => ({ status: 400, error: { message: 'no' } }))
  const { ledger } = await draw(modelAt(upstream.url), question)
  expect(ledger.usage).toEqual({ input: 0, output: 0 })
})

test('every request asks the upstream to count', async () => {
  await using upstream = await startUpstream()
  await drawOne(modelAt(upstream.url))
  expect(upstream.asked[0]!.json?.stream_options).toEqual({ include_usage: true })
})

const refusals = [
  { form: 'OpenAI’s', body: { error: { message: 'Unrecognized request argument supplied: stream_options' } } },
  {
    form: 'FastAPI’s',
    body: { detail: [{ type: 'extra_forbidden', loc: ['body', 'stream_options'], msg: 'Extra inputs not permitted' }] },
  },
]

test.each(refusals)(
  'an upstream that refuses stream_options in $form form is asked without, and remembered',
  async ({ body }) => {
    await using upstream = await startUpstream(({ json }) =>
      json?.stream_options ? { raw: { status: 422, chunks: [JSON.stringify(body)] } } : { text: 'ok', usage: null },
    )
    const model = modelAt(upstream.url)
    expect(await drawOne(model)).toMatchObject({ text: 'ok' })
    expect(await drawOne(model)).toMatchObject({ text: 'ok' })
    expect(upstream.asked.map(({ json }) => Boolean(json?.stream_options))).toEqual([true, false, false])
  },
)

test('requests that are refused stream_options at the same time are all asked again', async () => {
  await using upstream = await startUpstream(({ json }) =>
    json?.stream_options ? { status: 400, error: { message: 'stream_options?' } } : { text: 'ok' },
  )
  const { completions } = await draw(modelAt(upstream.url), words(3))
  expect(completions).toHaveLength(3)
})
