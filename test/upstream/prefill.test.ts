import { expect, test } from 'vitest'
import { goOn } from '#core'
import { type Reply, startUpstream } from '../helpers/upstream.ts'
import { draw, drawOne, modelAt, question, streamOf } from './leaf.ts'

const begun = goOn(question, '<think>\n17 × 24 is')
const user = question.messages[0]!

const dialects = [
  {
    prefill: 'vllm' as const,
    last: { role: 'assistant', content: '<think>\n17 × 24 is' },
    fields: { continue_final_message: true, add_generation_prompt: false },
  },
  {
    prefill: 'deepseek' as const,
    last: { role: 'assistant', content: '<think>\n17 × 24 is', prefix: true },
    fields: {},
  },
  {
    prefill: 'mistral' as const,
    last: { role: 'assistant', content: '<think>\n17 × 24 is', prefix: true },
    fields: {},
  },
  { prefill: 'plain' as const, last: { role: 'assistant', content: '<think>\n17 × 24 is' }, fields: {} },
]

test.each(dialects)('a begun message goes out as $prefill has it, its thinking with it', async (dialect) => {
  const { prefill, last, fields } = dialect
  await using upstream = await startUpstream(() => streamOf([{ content: ' 408' }]))
  await drawOne(modelAt(upstream.url, { can: { prefill } }), begun)
  const { json } = upstream.asked[0]!
  expect(json?.messages).toEqual([user, last])
  expect(json).toMatchObject(fields)
  expect(
    Object.keys(json!)
      .filter((name) => !(name in fields))
      .sort(),
  ).toEqual(['messages', 'model', 'stream', 'stream_options'].sort())
})

test('an ordinary prompt says nothing of the kind, and earlier turns lose their thinking as ever', async () => {
  await using upstream = await startUpstream()
  const model = modelAt(upstream.url, { can: { prefill: 'vllm' } })
  await drawOne(model)
  expect(upstream.asked[0]!.json).not.toHaveProperty('continue_final_message')
  const earlier = { role: 'assistant', content: '<think>hm</think>four' }
  const asked = { messages: [user, earlier, user, { role: 'assistant', content: '<think>a</think>b' }] }
  await drawOne(model, { ...asked, continues: true })
  expect(upstream.asked[1]!.json?.messages?.map(({ content }) => content)).toEqual([
    user.content,
    'four',
    user.content,
    '<think>a</think>b',
  ])
})

const answered = async (beginning: string, reply: Reply, name = 'm', prefill: 'vllm' | 'mistral' = 'vllm') => {
  await using upstream = await startUpstream(() => reply)
  return await draw(modelAt(upstream.url, { can: { prefill } }, name), goOn(question, beginning))
}
const said = ({ events }: Awaited<ReturnType<typeof answered>>) =>
  events.flatMap((event) =>
    event.type === 'text-delta' || event.type === 'thinking-delta' ? [[event.type.slice(0, 4), event.text]] : [],
  )

test.each(['m', 'r1'])(
  'thinking that the beginning opened goes on, and what follows it is the answer (%s)',
  async (name) => {
    const drawn = await answered(
      '<think>\n17 × 24',
      streamOf([{ content: ' is 408' }, { content: '</think>408' }]),
      name,
    )
    expect(drawn.completions).toEqual([{ text: '408', thinking: ' is 408', finish: 'stop' }])
    expect(said(drawn)).toEqual([
      ['thin', ' is 408'],
      ['text', '408'],
    ])
  },
)

test('thinking that is still open at the end leaves no answer', async () => {
  const { completions } = await answered('<think>\n17 × 24', streamOf([{ content: ' is 408' }], 'length'))
  expect(completions).toEqual([{ text: '', thinking: ' is 408', finish: 'length' }])
})

test.each([
  { beginning: 'one', pieces: [' two', ' \n\n'] },
  { beginning: '<think>one', pieces: [' two', ' \n', '\n'] },
  { beginning: '<think>one', pieces: ['\n', '\n', 'two\n\n'] },
  { beginning: '<think>one', pieces: ['\n\n'] },
])('white space at the edges of what is new is kept, because what comes next may follow it: %j', async (given) => {
  const { completions } = await answered(
    given.beginning,
    streamOf(
      given.pieces.map((content) => ({ content })),
      'length',
    ),
  )
  const [{ text, thinking = '' }] = completions as [(typeof completions)[0]]
  expect(thinking + text).toBe(given.pieces.join(''))
})

test.each([
  { state: 'closed', beginning: '<think>\nhm\n</think>\n\nIt is' },
  { state: 'not there', beginning: 'It is' },
])(
  'where thinking is $state in the beginning, what comes is the answer, whatever the model’s name',
  async ({ beginning }) => {
    const drawn = await answered(beginning, streamOf([{ content: '408' }, { content: '.' }]), 'r1')
    expect(drawn.completions).toEqual([{ text: '408.', finish: 'stop' }])
    expect(said(drawn)).toEqual([
      ['text', '408'],
      ['text', '.'],
    ])
  },
)

test('a reply that is gone on with teaches nothing about the template', async () => {
  await using upstream = await startUpstream(() => streamOf([{ content: 'hm</think>4' }]))
  const model = modelAt(upstream.url, { can: { prefill: 'vllm' } })
  expect(await drawOne(model, goOn(question, 'So, '))).toMatchObject({ text: '4', thinking: 'hm' })
  upstream.reply(() => streamOf([{ content: 'just 4' }]))
  const { events } = await draw(model, question)
  expect(events.filter(({ type }) => type === 'text-delta')).toMatchObject([{ text: 'just 4' }])
})

test('a server that takes all for thinking, because it did not see the end of it, has said the answer', async () => {
  const reply = streamOf([{ reasoning_content: '40' }, { reasoning_content: '8' }])
  expect((await answered('<think>hm</think>It is ', reply)).completions).toEqual([{ text: '408', finish: 'stop' }])
  expect((await answered('<think>hm', reply)).completions).toEqual([{ text: '', thinking: '408', finish: 'stop' }])
})

test.each([
  { pieces: ['It is 408'], text: ' 408' },
  { pieces: ['It', ' i', 's 4', '08'], text: ' 408' },
  { pieces: ['It is', ' 408', ' It is'], text: ' 408 It is' },
  { pieces: ['It', ' was 408'], text: 'It was 408' },
  { pieces: ['408'], text: '408' },
])('only what is new comes from an upstream that repeats the beginning: $pieces', async ({ pieces, text }) => {
  const reply = streamOf(pieces.map((content) => ({ content })))
  const drawn = await answered('It is', reply, 'm', 'mistral')
  expect(drawn.completions[0]!.text).toBe(text)
  expect(
    said(drawn)
      .map(([, piece]) => piece)
      .join(''),
  ).toBe(text)
})

test('what only looks like a repetition stays where the upstream does not repeat', async () => {
  const { completions } = await answered('ha', streamOf([{ content: 'ha' }, { content: 'ha' }]))
  expect(completions).toMatchObject([{ text: 'haha' }])
})

test('several that go on with the same beginning are one request, each with thinking of its own', async () => {
  await using upstream = await startUpstream(() => ({
    choices: [{ text: ' 408</think>408' }, { text: ' 400' }, { text: ' 418</think>418' }],
  }))
  const { completions } = await draw(modelAt(upstream.url, { can: { prefill: 'vllm' } }), begun, { n: 3 })
  expect(completions.map(({ text, thinking }) => [thinking, text])).toEqual([
    [' 408', '408'],
    [' 400', ''],
    [' 418', '418'],
  ])
  expect(upstream.asked.map(({ json }) => json?.n)).toEqual([3])
})

test('an upstream that cannot is not asked to, and the error says how to overrule that', async () => {
  await using upstream = await startUpstream()
  const model = modelAt(upstream.url, { can: { prefill: false } })
  await expect(drawOne(model, begun)).rejects.toMatchObject({
    status: 400,
    message: expect.stringContaining('UPSTREAM_CAN'),
  })
  expect(upstream.asked).toEqual([])
})

test('who goes on without having asked is served all the same, by one probe for all', async () => {
  await using upstream = await startUpstream(({ json }) =>
    streamOf([{ content: json?.['max_tokens'] === 4 ? 'is.' : ' 408</think>408' }]),
  )
  const { completions, ledger } = await draw(modelAt(upstream.url), [begun, goOn(question, '<think>\nSo'), begun])
  expect(completions.map(({ text }) => text)).toEqual(['408', '408', '408'])
  const chats = upstream.asked.filter(({ path }) => path.endsWith('/completions'))
  expect(chats.map(({ json }) => json?.['max_tokens'])).toEqual([4, undefined, undefined, undefined])
  expect(ledger).toMatchObject({ calls: 3, requests: 4 })
})
