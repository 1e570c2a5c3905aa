import { expect, test } from 'vitest'
import { type Reply, startUpstream } from '../helpers/upstream.ts'
import { caller, draw, drawOne, leafOf, modelAt, question, streamOf, transports } from './leaf.ts'

const whole = (message: object, finish = 'stop'): Reply => ({
  raw: {
    headers: { 'content-type': 'application/json' },
    chunks: [JSON.stringify({ choices: [{ index: 0, message, finish_reason: finish }] })],
  },
})

const forms: { form: string; reply: Reply }[] = [
  {
    form: 'reasoning_content',
    reply: streamOf([{ reasoning_content: 'h' }, { reasoning_content: 'm' }, { content: '4' }]),
  },
  { form: 'reasoning', reply: streamOf([{ reasoning: 'h' }, { reasoning: 'm' }, { content: '4' }]) },
  { form: 'both fields at once', reply: streamOf([{ reasoning: 'hm', reasoning_content: 'hm' }, { content: '4' }]) },
  {
    form: 'reasoning_details',
    reply: streamOf([
      { reasoning_details: [{ type: 'reasoning.text', text: 'h' }] },
      { reasoning_details: [{ type: 'reasoning.summary', summary: 'm' }] },
      { content: '4' },
    ]),
  },
  { form: 'thinking', reply: streamOf([{ thinking: 'hm' }, { content: '4' }]) },
  { form: 'tags', reply: streamOf([{ content: '<think>\nhm\n</think>\n\n4' }]) },
  { form: 'tags, cut anywhere', reply: streamOf([...'<think>\nhm\n</think>\n\n4'].map((content) => ({ content }))) },
  {
    form: 'a closing tag alone',
    reply: streamOf([{ content: 'hm' }, { content: '\n</th' }, { content: 'ink>\n\n4' }]),
  },
  {
    form: 'Mistral’s list of parts',
    reply: streamOf([
      { content: [{ type: 'thinking', thinking: [{ type: 'text', text: 'hm' }] }] },
      { content: [{ type: 'text', text: '4' }] },
    ]),
  },
  { form: 'a whole message with a field', reply: whole({ role: 'assistant', content: '4', reasoning_content: 'hm' }) },
  { form: 'a whole message with tags', reply: whole({ role: 'assistant', content: '<think>hm</think>4' }) },
]

for (const { name, to } of transports)
  test.each(forms)(`over ${name}, thinking comes in as $form`, async ({ reply }) => {
    await using upstream = await startUpstream(() => reply)
    const completion = await drawOne(leafOf(to(upstream.url)).model('m', caller()))
    expect({ ...completion, thinking: completion.thinking?.trim() }).toEqual({
      text: '4',
      thinking: 'hm',
      finish: 'stop',
    })
  })

test('thinking is told as thinking while it comes, and the answer as text', async () => {
  await using upstream = await startUpstream(() =>
    streamOf([{ content: '<think>h' }, { content: 'm</think>4' }, { content: '2' }]),
  )
  const { events } = await draw(modelAt(upstream.url), question)
  const told = events.flatMap((event) =>
    event.type === 'text-delta' || event.type === 'thinking-delta' ? [[event.type, event.text]] : [],
  )
  expect(told).toEqual([
    ['thinking-delta', 'h'],
    ['thinking-delta', 'm'],
    ['text-delta', '4'],
    ['text-delta', '2'],
  ])
})

test('a model whose template opens the block is recognised, and its thinking is never taken for the answer again', async () => {
  await using upstream = await startUpstream(() => streamOf([{ content: 'hm' }, { content: '</think>4' }]))
  const model = modelAt(upstream.url)
  await drawOne(model)
  const { events } = await draw(model, question)
  expect(events.filter(({ type }) => type === 'text-delta')).toMatchObject([{ text: '4' }])
})

test.each(['deepseek-r1:70b', 'DeepSeek-R1-Distill-Qwen-7B', 'qwq', 'qwen3-4b-thinking-2507'])(
  'the name %s tells from the start that the template may open the block',
  async (name) => {
    await using upstream = await startUpstream(() => streamOf([{ content: 'hm' }, { content: '</think>4' }]))
    const { events } = await draw(modelAt(upstream.url, {}, name), question)
    expect(events.filter(({ type }) => type === 'text-delta')).toMatchObject([{ text: '4' }])
  },
)

test('a name that promises thinking does not turn an answer without any into thinking', async () => {
  await using upstream = await startUpstream(() => streamOf([{ content: 'just ' }, { content: '4' }]))
  const model = modelAt(upstream.url, {}, 'r1')
  const completion = await drawOne(model)
  expect(completion).toEqual({ text: 'just 4', finish: 'stop' })
  const { events } = await draw(model, question)
  expect(events.filter(({ type }) => type === 'text-delta')).toHaveLength(2)
})

test('a server that splits the thinking off says an R1 answer without a closing tag', async () => {
  await using upstream = await startUpstream(() => streamOf([{ reasoning_content: 'hm' }, { content: '4' }], 'length'))
  expect(await drawOne(modelAt(upstream.url, {}, 'r1'))).toEqual({ text: '4', thinking: 'hm', finish: 'length' })
})

test('an operator who says that the template opens the block is believed', async () => {
  await using upstream = await startUpstream(() => streamOf([{ content: 'only thoughts' }]))
  const completion = await drawOne(modelAt(upstream.url, { prefilled: true }))
  expect(completion).toMatchObject({ text: '', thinking: 'only thoughts' })
})

test.each([
  { form: 'an opening tag', name: 'm', deltas: [{ content: '<think>so 17 × 2' }] },
  { form: 'a template that opens the block', name: 'r1', deltas: [{ content: 'so 17 × 2' }] },
  { form: 'a field', name: 'm', deltas: [{ reasoning_content: 'so 17 × 2' }] },
])('thinking that was cut off after $form leaves no answer, so that the sample abstains', async ({ name, deltas }) => {
  await using upstream = await startUpstream(() => streamOf(deltas, 'length'))
  const completion = await drawOne(modelAt(upstream.url, {}, name))
  expect(completion).toEqual({ text: '', thinking: 'so 17 × 2', finish: 'length' })
})

test('a reply without any text tells nothing about the template', async () => {
  const call = { index: 0, id: 'c', function: { name: 'f', arguments: '{}' } }
  await using upstream = await startUpstream((_, index) =>
    index === 0
      ? streamOf([{ tool_calls: [call] }], 'tool_calls')
      : streamOf([{ content: 'hm' }, { content: '</think>4' }]),
  )
  const model = modelAt(upstream.url, {}, 'r1')
  await drawOne(model)
  const { events } = await draw(model, question)
  expect(events.filter(({ type }) => type === 'text-delta')).toMatchObject([{ text: '4' }])
})
