import { createAnthropic } from '@ai-sdk/anthropic'
import Anthropic from '@anthropic-ai/sdk'
import { expect, test } from 'vitest'
import { gate } from '../helpers/upstream.ts'
import { aiSdkTests } from './ai-sdk.ts'
import { inTurn, type Stage } from './proxy.ts'

const thinking = { type: 'enabled' as const, budget_tokens: 2048 }

const asks = (model: string, content = 'How much is 6 times 7?') => ({
  model,
  max_tokens: 4096,
  messages: [{ role: 'user' as const, content }],
})

const weather = { name: 'weather', description: 'Tells it.', input_schema: { type: 'object' as const } }

/** Clients of Anthropic's get from a recipe, and from any model, what they would get from Claude. */
export function messagesTests(on: Stage): void {
  const anthropic = () => new Anthropic({ baseURL: on.url, apiKey: 'sk-client', maxRetries: 0 })
  const post = (body: object, headers: Record<string, string> = {}) => on.post(body, headers, undefined, '/messages')
  const last = () => on.upstream.asked.at(-1)!.json!

  test('a recipe’s answer comes in Anthropic’s form, with the usage of all samples', async () => {
    on.upstream.reply(inTurn('A \\boxed{41}', 'B \\boxed{42}', 'C \\boxed{42}'))
    const { data, response } = await anthropic().messages.create(asks('claude+sc@3')).withResponse()
    expect(data).toMatchObject({
      id: expect.stringMatching(/^msg_\w+$/),
      type: 'message',
      role: 'assistant',
      model: 'claude+sc@3',
      content: [{ type: 'text', text: 'B \\boxed{42}' }],
      stop_reason: 'end_turn',
      stop_sequence: null,
      usage: { input_tokens: 10, output_tokens: 15 },
      mull: { recipe: 'claude+self-consistency@3', calls: 3 },
    })
    expect(response.headers.get('x-mull-recipe')).toBe('claude+self-consistency@3')
    expect(on.upstream.asked.at(-1)!.headers).toMatchObject({ authorization: 'Bearer sk-client' })
    expect(on.upstream.asked.at(-1)!.headers).not.toHaveProperty('x-api-key')
  })

  test('the streamed message is the plain one, thinking included', async () => {
    const answers = [
      { text: '\\boxed{42}', thinking: 'six sevens' },
      { text: '\\boxed{41}', thinking: 'hm' },
      '\\boxed{42}',
    ]
    on.upstream.reply(inTurn(...answers))
    const plain = await anthropic().messages.create({ ...asks('haiku+sc@3'), thinking })
    on.upstream.reply(inTurn(...answers))
    const streamed = await anthropic()
      .messages.stream({ ...asks('haiku+sc@3'), thinking })
      .finalMessage()
    const told = (message: Anthropic.Message) =>
      message.content.map((block) => (block.type === 'thinking' ? block.thinking.trim() : block))
    expect(told(streamed)).toEqual(told(plain))
    expect(told(plain)).toEqual([
      expect.stringMatching(/^Thinking with haiku\+self-consistency@3[\s\S]*six sevens$/),
      expect.objectContaining({ type: 'text', text: '\\boxed{42}' }),
    ])
    expect(streamed).toMatchObject({ stop_reason: 'end_turn', usage: plain.usage })
  })

  test('the events are Anthropic’s to the letter', async () => {
    on.upstream.reply(inTurn({ text: '42', thinking: 'six sevens' }))
    const response = await post({ ...asks('r1+none'), thinking, stream: true })
    expect(response.headers.get('content-type')).toContain('text/event-stream')
    const events = (await response.text())
      .trim()
      .split('\n\n')
      .map((block) => block.match(/^event: (\w+)\ndata: (.*)$/)!)
      .map(([, name, data]) => ({ name, data: JSON.parse(data!) }))
    expect(events.every(({ name, data }) => name === data.type)).toBe(true)
    const kinds = events.map(({ name, data }) => data.delta?.type ?? data.content_block?.type ?? name)
    expect(kinds.filter((kind, at) => kind !== kinds[at - 1])).toEqual([
      'message_start',
      'thinking',
      'thinking_delta',
      'signature_delta',
      'content_block_stop',
      'text',
      'text_delta',
      'content_block_stop',
      'message_delta',
      'message_stop',
    ])
    expect(events.at(-2)!.data).toMatchObject({
      delta: { stop_reason: 'end_turn', stop_sequence: null },
      usage: { input_tokens: 10, output_tokens: 5 },
      mull: { calls: 1 },
    })
  })

  test('who asked for no thinking gets the answer alone', async () => {
    on.upstream.reply(inTurn({ text: '42', thinking: 'six sevens' }))
    for (const body of [asks('r1+none'), { ...asks('r1+none'), thinking: { type: 'disabled' } }])
      expect(await (await post(body)).json()).toMatchObject({ content: [{ type: 'text', text: '42' }] })
    expect(await (await post({ ...asks('r1+none'), stream: true })).text()).not.toContain('six sevens')
  })

  test('tools make a round trip, streamed and not', async () => {
    const call = (city: string) => ({
      text: '',
      toolCalls: [{ id: `call_${city}`, name: 'weather', arguments: `{"city":"${city}"}` }],
    })
    on.upstream.reply(inTurn(call('Rome'), call('Bern'), call('Bern')))
    const asked = {
      ...asks('r1+sc@3', 'How is the weather in Bern?'),
      tools: [weather],
      tool_choice: { type: 'any' as const, disable_parallel_tool_use: true },
    }
    for (const message of [
      await anthropic().messages.create(asked),
      await anthropic().messages.stream(asked).finalMessage(),
    ])
      expect(message).toMatchObject({
        stop_reason: 'tool_use',
        content: [{ type: 'tool_use', id: 'call_Bern', name: 'weather', input: { city: 'Bern' } }],
      })
    expect(last()).toMatchObject({
      tools: [
        {
          type: 'function',
          function: { name: 'weather', description: 'Tells it.', parameters: { type: 'object' } },
        },
      ],
      tool_choice: 'required',
      parallel_tool_calls: false,
    })
    on.upstream.reply(inTurn('Sunny'))
    const turns = [
      ...asked.messages,
      {
        role: 'assistant' as const,
        content: [
          { type: 'thinking' as const, thinking: 'I must look.', signature: 'unsigned' },
          { type: 'text' as const, text: 'Let me look.' },
          { type: 'tool_use' as const, id: 'call_Bern', name: 'weather', input: { city: 'Bern' } },
        ],
      },
      {
        role: 'user' as const,
        content: [
          { type: 'tool_result' as const, tool_use_id: 'call_Bern', content: [{ type: 'text' as const, text: 'sun' }] },
          { type: 'text' as const, text: 'And?' },
        ],
      },
    ]
    expect(await anthropic().messages.create({ ...asked, messages: turns })).toMatchObject({
      content: [{ text: 'Sunny' }],
    })
    expect(last().messages).toEqual([
      { role: 'user', content: 'How is the weather in Bern?' },
      {
        role: 'assistant',
        content: 'Let me look.',
        tool_calls: [
          { id: 'call_Bern', type: 'function', function: { name: 'weather', arguments: '{"city":"Bern"}' } },
        ],
      },
      { role: 'tool', tool_call_id: 'call_Bern', content: 'sun' },
      { role: 'user', content: 'And?' },
    ])
  })

  test('everything asked for reaches the upstream in its own words', async () => {
    const schema = { type: 'object', properties: { total: { type: 'number' } } }
    await post({
      ...asks('r1+sc@2'),
      system: [{ type: 'text', text: 'Be brief.', cache_control: { type: 'ephemeral' } }],
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'What is that?' },
            { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'QUJD' } },
          ],
        },
      ],
      max_tokens: 77,
      temperature: 0.5,
      top_p: 0.9,
      thinking: { type: 'enabled', budget_tokens: 10_000 },
      output_config: { format: { type: 'json_schema', schema } },
      metadata: { user_id: 'somebody' },
      vendor_field: { deep: [1] },
    })
    expect(last()).toEqual(
      expect.objectContaining({
        model: 'r1',
        messages: [
          { role: 'system', content: 'Be brief.' },
          {
            role: 'user',
            content: [
              { type: 'text', text: 'What is that?' },
              { type: 'image_url', image_url: { url: 'data:image/png;base64,QUJD' } },
            ],
          },
        ],
        max_tokens: 77,
        temperature: 0.5,
        top_p: 0.9,
        reasoning_effort: 'medium',
        response_format: { type: 'json_schema', json_schema: { name: 'answer', strict: true, schema } },
        vendor_field: { deep: [1] },
      }),
    )
    for (const field of ['system', 'thinking', 'output_config', 'metadata', 'mull'])
      expect(last()).not.toHaveProperty(field)
  })

  test('a stop sequence ends the answer, and is named', async () => {
    on.upstream.reply(inTurn('first\nEND second'))
    const message = await anthropic().messages.create({ ...asks('r1+none'), stop_sequences: ['NEVER', 'END'] })
    expect(message).toMatchObject({
      content: [{ text: 'first\n' }],
      stop_reason: 'stop_sequence',
      stop_sequence: 'END',
    })
  })

  test('an answer that was cut off, and one that was refused, say so', async () => {
    on.upstream.reply(inTurn({ text: 'It is', finish: 'length' }))
    expect(await anthropic().messages.create(asks('r1+none'))).toMatchObject({ stop_reason: 'max_tokens' })
    on.upstream.reply(inTurn({ text: 'No.', finish: 'content_filter' }))
    expect(await anthropic().messages.create(asks('r1+none'))).toMatchObject({ stop_reason: 'refusal' })
  })

  test('a model without a recipe answers too, through chat completions, with no story around it', async () => {
    on.upstream.reply(inTurn({ text: '42', thinking: 'six sevens' }))
    for (const message of [
      await anthropic().messages.create({ ...asks('r1'), thinking }),
      await anthropic()
        .messages.stream({ ...asks('r1'), thinking })
        .finalMessage(),
    ]) {
      expect(message.content).toMatchObject([
        { type: 'thinking', thinking: 'six sevens' },
        { type: 'text', text: '42' },
      ])
      expect(message).not.toHaveProperty('mull')
    }
    expect(on.upstream.asked.filter(({ path }) => path === '/v1/messages').length).toBeLessThanOrEqual(1)
  })

  const kinds = [
    [400, Anthropic.BadRequestError, 'invalid_request_error'],
    [401, Anthropic.AuthenticationError, 'authentication_error'],
    [404, Anthropic.NotFoundError, 'not_found_error'],
    [429, Anthropic.RateLimitError, 'rate_limit_error'],
    [500, Anthropic.InternalServerError, 'api_error'],
  ] as const

  test.each(kinds)('the upstream’s %i is the client’s, in Anthropic’s form', async (status, kind, type) => {
    on.upstream.reply(() => ({ status, error: { message: 'because I say so', code: 'said_so' } }))
    for (const model of [`plain-${status}`, `recipe-${status}+sc@3`]) {
      const error = await anthropic()
        .messages.create(asks(model))
        .then(
          () => undefined,
          (error: unknown) => error,
        )
      expect(error).toBeInstanceOf(kind)
      expect(error).toMatchObject({ status, type, message: expect.stringContaining('because I say so') })
    }
  })

  const mistakes: [string, object, RegExp][] = [
    ['an unknown strategy', asks('r1+self-consistancy@8'), /Did you mean "self-consistency"/],
    ['no messages', { ...asks('r1+sc@2'), messages: [] }, /messages/],
    [
      'an unknown block',
      { ...asks('r1+sc@2'), messages: [{ role: 'user', content: [{ type: 'hologram' }] }] },
      /content\.0.*hologram/,
    ],
    [
      'a tool of Anthropic’s own',
      { ...asks('r1+sc@2'), tools: [{ type: 'web_search_20250305', name: 'web_search' }] },
      /tools\.0.*web_search_20250305/,
    ],
    ['an unknown field of ours', { ...asks('r1'), mull: { strateggy: 'sc' } }, /strateggy/],
  ]

  test.each(mistakes)('%s is a 400 that says what is wrong', async (_, body, message) => {
    const response = await post(body)
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({
      type: 'error',
      error: { type: 'invalid_request_error', message: expect.stringMatching(message) },
    })
  })

  test('an upstream that breaks off in mid-stream is an error event', async () => {
    const cut = { raw: { chunks: ['data: {"choices":[{"index":0,"delta":{"content":"The ans"}}]}\n\n'], cut: true } }
    on.upstream.reply(() => cut)
    const response = await post({ ...asks('cut+none'), stream: true })
    const [, data] = /event: error\ndata: (.*)\n\n$/.exec(await response.text())!
    expect(JSON.parse(data!)).toMatchObject({ type: 'error', error: { details: { error_code: 'upstream_cut' } } })
    const stream = await anthropic().messages.create({ ...asks('cut+none'), stream: true })
    await expect(Array.fromAsync(stream)).rejects.toBeInstanceOf(Anthropic.APIError)
  })

  test('a client that leaves a stream cancels every upstream call of it', async () => {
    const never = gate()
    on.upstream.reply(({ json }) =>
      (json?.n ?? 1) > 1 ? { status: 400, error: { message: 'n must be 1' } } : { text: 'x', hold: never },
    )
    const stream = await anthropic().messages.create({ ...asks('hang+sc@4'), stream: true })
    await on.upstream.until(({ inFlight }) => inFlight === 4)
    stream.controller.abort()
    await on.upstream.until(({ inFlight }) => inFlight === 0)
  })

  const vercel = (model: string) => createAnthropic({ baseURL: `${on.url}/v1`, apiKey: 'sk-client' })(model)
  aiSdkTests(on, vercel, {
    providerOptions: { anthropic: { thinking: { type: 'enabled', budgetTokens: 2048 } } },
    maxOutputTokens: 1000,
  })
}
