import { expect, test } from 'vitest'
import { startUpstream } from '../helpers/upstream.ts'
import { chunk, drawOne, modelAt, sse, streamOf } from './leaf.ts'

test('tool calls come in pieces', async () => {
  const pieces = [
    { tool_calls: [{ index: 0, id: 'call_a', type: 'function', function: { name: 'add', arguments: '' } }] },
    { tool_calls: [{ index: 0, function: { arguments: '{"a":' } }] },
    { tool_calls: [{ index: 1, id: 'call_b', type: 'function', function: { name: 'mul', arguments: '{}' } }] },
    { tool_calls: [{ index: 0, function: { arguments: '1}' } }] },
  ]
  await using upstream = await startUpstream(() => streamOf(pieces, 'tool_calls'))
  expect(await drawOne(modelAt(upstream.url))).toEqual({
    text: '',
    finish: 'tool_calls',
    toolCalls: [
      { id: 'call_a', type: 'function', function: { name: 'add', arguments: '{"a":1}' } },
      { id: 'call_b', type: 'function', function: { name: 'mul', arguments: '{}' } },
    ],
  })
})

test('tool calls come whole, with a finish that does not say so', async () => {
  const calls = ['a', 'b'].map((id) => ({ id, type: 'function', function: { name: id, arguments: '{}' } }))
  await using upstream = await startUpstream(() => streamOf([{ content: 'Let me see.', tool_calls: calls }], 'stop'))
  expect(await drawOne(modelAt(upstream.url))).toEqual({ text: 'Let me see.', finish: 'tool_calls', toolCalls: calls })
})

test('tool calls without an index that come one by one are told apart by their ids', async () => {
  const [a, b] = ['a', 'b'].map((id) => ({ id, type: 'function', function: { name: id, arguments: '{}' } }))
  await using upstream = await startUpstream(() => streamOf([{ tool_calls: [a] }, { tool_calls: [b] }], 'tool_calls'))
  expect(await drawOne(modelAt(upstream.url))).toMatchObject({ toolCalls: [a, b] })
})

test('a tool call at an absurd place costs nothing', async () => {
  const call = { index: 2 ** 31, id: 'a', type: 'function', function: { name: 'a', arguments: '{}' } }
  await using upstream = await startUpstream(() => streamOf([{ tool_calls: [call] }], 'tool_calls'))
  const { toolCalls } = await drawOne(modelAt(upstream.url))
  expect(toolCalls).toMatchObject([{ id: 'a' }])
})

test('logprobs of all pieces are joined', async () => {
  const piece = (content: string, finish: string | null = null) => {
    const { choices } = chunk({ content }, finish)
    return { choices: [{ ...choices[0], logprobs: { content: [{ token: content }], refusal: null } }] }
  }
  await using upstream = await startUpstream(() => ({
    raw: { chunks: sse(piece('a'), piece('b'), piece('c', 'stop'), '[DONE]') },
  }))
  expect(await drawOne(modelAt(upstream.url))).toEqual({
    text: 'abc',
    finish: 'stop',
    choiceExtra: { logprobs: { content: [{ token: 'a' }, { token: 'b' }, { token: 'c' }], refusal: null } },
  })
})

test('a refusal comes in pieces, and other fields of the message as they are', async () => {
  const annotations = [{ type: 'url_citation' }]
  await using upstream = await startUpstream(() =>
    streamOf([
      { role: 'assistant', refusal: 'I ca' },
      { refusal: 'nnot.', annotations },
    ]),
  )
  const completion = await drawOne(modelAt(upstream.url))
  expect(completion).toEqual({ text: '', finish: 'stop', messageExtra: { refusal: 'I cannot.', annotations } })
})

test.each([
  { says: 'stop', finish: 'stop' },
  { says: 'length', finish: 'length' },
  { says: 'content_filter', finish: 'filter' },
  { says: 'eos', finish: 'stop' },
])('finish_reason $says is $finish', async ({ says, finish }) => {
  await using upstream = await startUpstream(() => streamOf([{ content: 'a' }], says))
  expect(await drawOne(modelAt(upstream.url))).toEqual({ text: 'a', finish })
})

test('an empty answer is an answer', async () => {
  await using upstream = await startUpstream(() => streamOf([{ role: 'assistant', content: '' }]))
  expect(await drawOne(modelAt(upstream.url))).toEqual({ text: '', finish: 'stop' })
})

test('letters that are cut across chunks are put together', async () => {
  const bytes = Buffer.concat(sse(chunk({ content: 'größe 数' }, 'stop'), '[DONE]').map((text) => Buffer.from(text)))
  const chunks = Array.from(bytes, (byte) => Buffer.of(byte))
  await using upstream = await startUpstream(() => ({ raw: { chunks } }))
  expect(await drawOne(modelAt(upstream.url))).toMatchObject({ text: 'größe 数' })
})

test('comments, other events, blank lines and either line end are understood', async () => {
  const [first, second] = sse(chunk({ content: 'a' }), chunk({ content: 'b' }, 'stop'))
  const chunks = [
    ': PROCESSING\n\n',
    'event: message\r\nid: 1\r\n',
    first!.replaceAll('\n', '\r\n'),
    '\n\n',
    second!,
    'data: [DONE]\n\n',
  ]
  await using upstream = await startUpstream(() => ({ raw: { chunks } }))
  expect(await drawOne(modelAt(upstream.url))).toEqual({ text: 'ab', finish: 'stop' })
})
