import { describe, expect, test } from 'vitest'
import { readMessages } from '../../src/http/doors/messages/request.ts'
import { readResponses } from '../../src/http/doors/responses/request.ts'
import { inForm } from '../../src/http/pieces.ts'
import type { Piece } from '../../src/http/speech.ts'

const user = (content: unknown) => ({ role: 'user', content })

describe('a request of Anthropic’s', () => {
  const read = (body: object) =>
    readMessages({ model: 'm', max_tokens: 10, messages: [user('hi')], ...body }, undefined, 'both')
  const messagesOf = (...messages: object[]) => read({ messages }).prompt.messages

  const png = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'QUJD' } }
  const picture = { type: 'image_url', image_url: { url: 'data:image/png;base64,QUJD' } }
  const result = (more: object) => user([{ type: 'tool_result', tool_use_id: 't', ...more }])
  const told = (content: unknown) => ({ role: 'tool', tool_call_id: 't', content })

  test.each<[string, object, object[]]>([
    [
      'several texts are one',
      user([
        { type: 'text', text: 'a' },
        { type: 'text', text: 'b' },
      ]),
      [user('a\n\nb')],
    ],
    [
      'a picture from the web',
      user([{ type: 'image', source: { type: 'url', url: 'http://x/a.png' } }]),
      [user([{ type: 'image_url', image_url: { url: 'http://x/a.png' } }])],
    ],
    [
      'a text file, with its title',
      user([{ type: 'document', title: 'T', source: { type: 'text', media_type: 'text/plain', data: 'd' } }]),
      [user('T\n\nd')],
    ],
    [
      'a PDF',
      user([{ type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: 'QUJD' } }]),
      [user([{ type: 'file', file: { filename: 'document.pdf', file_data: 'data:application/pdf;base64,QUJD' } }])],
    ],
    ['a tool that said nothing', result({}), [told('')]],
    ['a tool that failed without a word', result({ is_error: true }), [told('The tool failed.')]],
    ['a tool that failed', result({ is_error: true, content: 'no' }), [told('no')]],
    [
      'a tool’s picture, which follows in a turn of its own',
      result({ content: [{ type: 'text', text: 'see' }, png] }),
      [told('see'), user([picture])],
    ],
    [
      'a call without a word',
      { role: 'assistant', content: [{ type: 'tool_use', id: 't', name: 'f', input: {} }] },
      [
        {
          role: 'assistant',
          content: null,
          tool_calls: [{ id: 't', type: 'function', function: { name: 'f', arguments: '{}' } }],
        },
      ],
    ],
  ])('%s', (_, turn, messages) => {
    expect(messagesOf(user('hi'), turn)).toEqual([user('hi'), ...messages])
  })

  test('an assistant’s words at the end are gone on with, its calls are not', () => {
    const last = (content: unknown) => read({ messages: [user('hi'), { role: 'assistant', content }] }).prompt
    expect(last('I').continues).toBe(true)
    expect(last([{ type: 'text', text: 'I' }])).toMatchObject({ continues: true, messages: [{}, { content: 'I' }] })
    expect(last([{ type: 'tool_use', id: 't', name: 'f', input: {} }])).not.toHaveProperty('continues')
    expect(read({}).prompt).not.toHaveProperty('continues')
  })

  test.each<[object, string | undefined]>([
    [{}, undefined],
    [{ thinking: { type: 'disabled' } }, undefined],
    [{ thinking: { type: 'adaptive' } }, undefined],
    [{ thinking: { type: 'enabled', budget_tokens: 1024 } }, 'low'],
    [{ thinking: { type: 'enabled', budget_tokens: 4097 } }, 'medium'],
    [{ thinking: { type: 'enabled', budget_tokens: 31_999 } }, 'high'],
    [{ thinking: { type: 'enabled', budget_tokens: 1024 }, output_config: { effort: 'max' } }, 'max'],
  ])('%j is the effort %s', (body, effort) => {
    expect(read(body).prompt.rest?.['reasoning_effort']).toBe(effort)
  })

  test.each<[object, string, string]>([
    [{}, 'both', 'none'],
    [{ thinking: { type: 'enabled', budget_tokens: 1024 } }, 'both', 'both'],
    [{ thinking: { type: 'adaptive', display: 'omitted' } }, 'both', 'none'],
    [{ thinking: { type: 'adaptive' } }, 'tags', 'both'],
    [{ thinking: { type: 'adaptive' } }, 'none', 'none'],
  ])('with %j, and %s as the configuration has it, thinking is shown as %s', (body, configured, think) => {
    const messages = [user('hi')]
    const asked = { model: 'm', messages, ...body }
    expect(readMessages(asked, undefined, configured as 'both').think).toBe(think)
    expect(readMessages(asked, { think: 'tags' }, configured as 'both').think).toBe('tags')
  })
})

describe('a request of OpenAI’s Responses', () => {
  const read = (body: object) => readResponses({ model: 'm', input: 'hi', ...body }, undefined, 'both').prompt
  const callItem = (call_id: string) => ({ type: 'function_call', call_id, name: 'f', arguments: '{}' })
  const call = (id: string) => ({ id, type: 'function', function: { name: 'f', arguments: '{}' } })

  test('the calls of one turn belong to one message, with what was said before them', () => {
    const input = [
      { role: 'user', content: 'hi' },
      { type: 'reasoning', id: 'rs_1', summary: [] },
      { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Let me look.' }] },
      callItem('a'),
      callItem('b'),
      { type: 'function_call_output', call_id: 'a', output: 'one' },
      {
        type: 'function_call_output',
        call_id: 'b',
        output: [
          { type: 'input_text', text: 'two' },
          { type: 'input_image', image_url: 'http://x/a.png' },
        ],
      },
      callItem('c'),
    ]
    expect(read({ input }).messages).toEqual([
      { role: 'user', content: 'hi' },
      { role: 'assistant', content: 'Let me look.', tool_calls: [call('a'), call('b')] },
      { role: 'tool', tool_call_id: 'a', content: 'one' },
      { role: 'tool', tool_call_id: 'b', content: 'two' },
      { role: 'user', content: [{ type: 'image_url', image_url: { url: 'http://x/a.png' } }] },
      { role: 'assistant', content: null, tool_calls: [call('c')] },
    ])
  })

  test('a reference to reasoning is nothing, as reasoning is; one to anything else is refused', () => {
    const hi = { role: 'user', content: 'hi' }
    expect(read({ input: [{ type: 'item_reference', id: 'rs_1' }, hi] }).messages).toEqual([hi])
    for (const reference of [{ type: 'item_reference', id: 'msg_1' }, { id: 'msg_1' }])
      expect(() => read({ input: [reference, hi] })).toThrow('input.0')
  })

  test('what chooses a tool, and what asks for log-probabilities, is said as a chat says it', () => {
    const tools = [{ type: 'function', name: 'f' }]
    const allowed = { type: 'allowed_tools', mode: 'auto', tools }
    expect(read({ tool_choice: allowed, include: ['message.output_text.logprobs'], top_logprobs: 2 }).rest).toEqual({
      tool_choice: {
        type: 'allowed_tools',
        allowed_tools: { mode: 'auto', tools: [{ type: 'function', function: { name: 'f' } }] },
      },
      logprobs: true,
      top_logprobs: 2,
    })
    expect(() => read({ tool_choice: { type: 'web_search' } })).toThrow('tool_choice')
  })
})

describe('the pieces of an answer', () => {
  const said: Piece[] = [
    { type: 'thinking', text: 'a' },
    { type: 'text', text: 'b' },
    { type: 'thinking', text: 'late' },
    { type: 'text', text: 'c' },
  ]
  const told = async (form: 'both' | 'tags' | 'none', blocks: boolean) => {
    async function* pieces() {
      yield* said
    }
    return (await Array.fromAsync(inForm(pieces(), form, blocks))).map(({ type, text }) => `${type}: ${text}`)
  }

  test('come as they are, or with all thinking before the answer, between tags, or without it', async () => {
    expect(await told('both', false)).toEqual(['thinking: a', 'text: b', 'thinking: late', 'text: c'])
    expect(await told('both', true)).toEqual(['thinking: a', 'text: b', 'text: c'])
    expect((await told('tags', true)).join('|')).toBe('text: <think>\na|text: \n</think>\n\nb|text: c')
    expect(await told('none', false)).toEqual(['text: b', 'text: c'])
  })
})
