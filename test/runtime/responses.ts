import { createOpenAI } from '@ai-sdk/openai'
import { ChatOpenAI } from '@langchain/openai'
import { generateText } from 'ai'
import OpenAI from 'openai'
import type { Response as Responded, ResponseStreamEvent } from 'openai/resources/responses/responses'
import { expect, test } from 'vitest'
import { gate } from '../helpers/upstream.ts'
import { aiSdkTests } from './ai-sdk.ts'
import { inTurn, type Stage } from './proxy.ts'

const asks = (model: string, input = 'How much is 6 times 7?') => ({ model, input })

const weather = {
  type: 'function' as const,
  name: 'weather',
  description: 'Tells it.',
  strict: true,
  parameters: { type: 'object' },
}

/** Clients of OpenAI's newer API get from a recipe, and from any model, what they would get from OpenAI. */
export function responsesTests(on: Stage): void {
  const post = (body: object) => on.post(body, {}, undefined, '/responses')
  const last = () => on.upstream.asked.at(-1)!.json!

  test('a recipe’s answer is a response, with the usage of all samples', async () => {
    on.upstream.reply(inTurn('A \\boxed{41}', 'B \\boxed{42}', 'C \\boxed{42}'))
    const { data, response } = await on.client.responses.create(asks('o1+sc@3')).withResponse()
    expect(data.output_text).toBe('B \\boxed{42}')
    expect(data).toMatchObject({
      id: expect.stringMatching(/^resp_\w+$/),
      object: 'response',
      status: 'completed',
      model: 'o1+sc@3',
      error: null,
      incomplete_details: null,
      store: false,
      tool_choice: 'auto',
      output: [
        { type: 'reasoning', summary: [{ type: 'summary_text', text: expect.stringContaining('Votes: 42 ×2') }] },
        {
          type: 'message',
          role: 'assistant',
          status: 'completed',
          content: [{ type: 'output_text', annotations: [] }],
        },
      ],
      usage: {
        input_tokens: 10,
        input_tokens_details: { cached_tokens: 0 },
        output_tokens: 15,
        output_tokens_details: { reasoning_tokens: 0 },
        total_tokens: 25,
      },
      mull: { recipe: 'o1+self-consistency@3', calls: 3 },
    })
    expect(response.headers.get('x-mull-recipe')).toBe('o1+self-consistency@3')
  })

  const eventsOf = async (body: object): Promise<ResponseStreamEvent[]> => {
    const blocks = (await (await post({ ...body, stream: true })).text()).trim().split('\n\n')
    return blocks.map((block) => {
      const [, name, data] = block.match(/^event: ([\w.]+)\ndata: (.*)$/)!
      const event = JSON.parse(data!)
      expect(event.type).toBe(name)
      return event
    })
  }

  /** What a client puts together from the pieces, which is what the last event has as a whole. */
  const wholeOf = (response: Responded) =>
    response.output.map((item) => {
      if (item.type === 'reasoning') return item.summary.map(({ text }) => text.trim())
      if (item.type === 'message') return item.content
      return item.type === 'function_call' ? [item.name, item.arguments] : item
    })

  test('the events are OpenAI’s to the letter, numbered, and the last has the plain response', async () => {
    const answers = [
      { text: '\\boxed{42}', thinking: 'six sevens' },
      { text: '\\boxed{41}', thinking: 'hm' },
      '\\boxed{42}',
    ]
    on.upstream.reply(inTurn(...answers))
    const plain = await on.client.responses.create(asks('o3+sc@3'))
    on.upstream.reply(inTurn(...answers))
    const events = await eventsOf(asks('o3+sc@3'))
    expect(events.map(({ sequence_number }) => sequence_number)).toEqual(events.map((_, index) => index))
    const kinds = events.map(({ type }) => type.replace('response.', ''))
    expect(kinds.filter((kind, at) => kind !== kinds[at - 1])).toEqual([
      'created',
      'in_progress',
      'output_item.added',
      'reasoning_summary_part.added',
      'reasoning_summary_text.delta',
      'reasoning_summary_text.done',
      'reasoning_summary_part.done',
      'output_item.done',
      'output_item.added',
      'content_part.added',
      'output_text.delta',
      'output_text.done',
      'content_part.done',
      'output_item.done',
      'completed',
    ])
    const { response } = events.at(-1) as { response: Responded }
    expect(wholeOf(response)).toEqual(wholeOf(plain))
    expect(response.usage).toEqual(plain.usage)
    expect(response).toMatchObject({ mull: { calls: 3 } })
    const text = (type: string) =>
      events.flatMap((event) => (event.type === type && 'delta' in event ? [event.delta] : [])).join('')
    expect(text('response.output_text.delta')).toBe('\\boxed{42}')
    expect(text('response.reasoning_summary_text.delta').trim()).toBe((wholeOf(plain)[0] as string[])[0])
  })

  test('OpenAI’s client puts the stream together', async () => {
    on.upstream.reply(inTurn({ text: '42', thinking: 'six sevens' }))
    const response = await on.client.responses.stream(asks('r1+none')).finalResponse()
    expect(response).toMatchObject({
      status: 'completed',
      output_text: '42',
      output: [{ type: 'reasoning' }, { type: 'message' }],
    })
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
      tool_choice: { type: 'function' as const, name: 'weather' },
    }
    const answers = [await on.client.responses.create(asked), await on.client.responses.stream(asked).finalResponse()]
    for (const { output } of answers)
      expect(output.filter(({ type }) => type !== 'reasoning')).toMatchObject([
        {
          type: 'function_call',
          call_id: 'call_Bern',
          name: 'weather',
          arguments: '{"city":"Bern"}',
          status: 'completed',
        },
      ])
    const { type, ...described } = weather
    expect(last()).toMatchObject({
      tools: [{ type, function: described }],
      tool_choice: { type: 'function', function: { name: 'weather' } },
    })
    on.upstream.reply(inTurn('Sunny'))
    const second = await on.client.responses.create({
      model: 'r1+sc@3',
      instructions: 'Be brief.',
      tools: [weather],
      input: [
        { role: 'developer', content: 'Speak plainly.' },
        { role: 'user', content: [{ type: 'input_text', text: 'How is the weather in Bern?' }] },
        ...(answers[0]!.output as OpenAI.Responses.ResponseInputItem[]),
        { type: 'function_call_output', call_id: 'call_Bern', output: 'sun' },
      ],
    })
    expect(second.output_text).toBe('Sunny')
    expect(last().messages).toEqual([
      { role: 'system', content: 'Be brief.' },
      { role: 'system', content: 'Speak plainly.' },
      { role: 'user', content: 'How is the weather in Bern?' },
      {
        role: 'assistant',
        content: null,
        tool_calls: [
          { id: 'call_Bern', type: 'function', function: { name: 'weather', arguments: '{"city":"Bern"}' } },
        ],
      },
      { role: 'tool', tool_call_id: 'call_Bern', content: 'sun' },
    ])
  })

  test('everything asked for reaches the upstream in its own words', async () => {
    const schema = { type: 'object', properties: { total: { type: 'number' } } }
    await post({
      model: 'r1+sc@2',
      input: [
        {
          role: 'user',
          content: [
            { type: 'input_text', text: 'What is that?' },
            { type: 'input_image', image_url: 'data:image/png;base64,QUJD', detail: 'low' },
          ],
        },
      ],
      max_output_tokens: 77,
      temperature: 0.5,
      top_p: 0.9,
      reasoning: { effort: 'low', summary: 'auto' },
      text: { format: { type: 'json_schema', name: 'sum', strict: true, schema }, verbosity: 'low' },
      parallel_tool_calls: false,
      metadata: { team: 'a' },
      store: true,
      include: ['reasoning.encrypted_content'],
      vendor_field: { deep: [1] },
    })
    expect(last()).toEqual(
      expect.objectContaining({
        model: 'r1',
        messages: [
          {
            role: 'user',
            content: [
              { type: 'text', text: 'What is that?' },
              { type: 'image_url', image_url: { url: 'data:image/png;base64,QUJD', detail: 'low' } },
            ],
          },
        ],
        max_tokens: 77,
        temperature: 0.5,
        top_p: 0.9,
        reasoning_effort: 'low',
        verbosity: 'low',
        response_format: { type: 'json_schema', json_schema: { name: 'sum', strict: true, schema } },
        parallel_tool_calls: false,
        vendor_field: { deep: [1] },
      }),
    )
    for (const field of ['input', 'reasoning', 'text', 'metadata', 'store', 'include'])
      expect(last()).not.toHaveProperty(field)
  })

  test('an answer that was cut off is an incomplete response', async () => {
    on.upstream.reply(inTurn({ text: 'It is', finish: 'length' }))
    const cutOff = { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } }
    expect(await on.client.responses.create(asks('r1+none'))).toMatchObject(cutOff)
    expect((await eventsOf(asks('r1+none'))).at(-1)).toMatchObject({ type: 'response.incomplete', response: cutOff })
  })

  test('a refusal is a part of its own', async () => {
    const choice = (delta: object) => `data: ${JSON.stringify({ choices: [{ index: 0, delta }] })}\n\n`
    const end = 'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n'
    on.upstream.reply(() => ({ raw: { chunks: [choice({ refusal: 'I will ' }), choice({ refusal: 'not.' }), end] } }))
    const refusal = { type: 'message', content: [{ type: 'refusal', refusal: 'I will not.' }] }
    const plain = await on.client.responses.create(asks('r1+none'))
    expect(plain.output.at(-1)).toMatchObject(refusal)
    const streamed = await on.client.responses.stream(asks('r1+none')).finalResponse()
    expect(streamed.output.at(-1)).toMatchObject(refusal)
  })

  test('a model without a recipe answers too, through chat completions, with no story around it', async () => {
    on.upstream.reply(inTurn({ text: '42', thinking: 'six sevens' }))
    for (const response of [
      await on.client.responses.create(asks('r1')),
      await on.client.responses.stream(asks('r1')).finalResponse(),
    ]) {
      expect(wholeOf(response)).toMatchObject([['six sevens'], [{ type: 'output_text', text: '42' }]])
      expect(response).not.toHaveProperty('mull')
    }
  })

  const mistakes: [string, object, string, RegExp][] = [
    [
      'an earlier response',
      { ...asks('r1'), previous_response_id: 'resp_1' },
      'previous_response_id',
      /nothing is stored/,
    ],
    ['a stored conversation', { ...asks('r1+sc@2'), conversation: 'conv_1' }, 'conversation', /nothing is stored/],
    [
      'a stored item',
      { model: 'r1+sc@2', input: [{ type: 'item_reference', id: 'msg_1' }] },
      'input.0',
      /store: false/,
    ],
    ['a stored prompt', { ...asks('r1+sc@2'), prompt: { id: 'pmpt_1' } }, 'prompt', /no prompts are stored/],
    ['work in the background', { ...asks('r1+sc@2'), background: true }, 'background', /stream/],
    ['a tool of OpenAI’s own', { ...asks('r1+sc@2'), tools: [{ type: 'web_search' }] }, 'tools.0', /web_search/],
    [
      'a file by its id',
      { model: 'r1+sc@2', input: [{ role: 'user', content: [{ type: 'input_image', file_id: 'f' }] }] },
      'input.0.content.0',
      /file_id/,
    ],
    ['no input', { model: 'r1+sc@2' }, 'input', /missing/],
  ]

  test.each(mistakes)('%s is a 400 that says what is wrong', async (_, body, param, message) => {
    const response = await post(body)
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ error: { param, message: expect.stringMatching(message) } })
  })

  test('an upstream that breaks off in mid-stream is an error event, and a failed response', async () => {
    const cut = { raw: { chunks: ['data: {"choices":[{"index":0,"delta":{"content":"The ans"}}]}\n\n'], cut: true } }
    on.upstream.reply(() => cut)
    const events = await eventsOf(asks('cut+none'))
    expect(events.slice(-2)).toMatchObject([
      { type: 'error', code: 'upstream_cut' },
      { type: 'response.failed', response: { status: 'failed', error: { code: 'upstream_cut' } } },
    ])
    const stream = await on.client.responses.create({ ...asks('cut+none'), stream: true })
    await expect(Array.fromAsync(stream)).rejects.toBeInstanceOf(OpenAI.APIError)
  })

  test('a client that leaves a stream cancels every upstream call of it', async () => {
    const never = gate()
    on.upstream.reply(({ json }) =>
      (json?.n ?? 1) > 1 ? { status: 400, error: { message: 'n must be 1' } } : { text: 'x', hold: never },
    )
    const stream = await on.client.responses.create({ ...asks('hang+sc@4'), stream: true })
    await on.upstream.until(({ inFlight }) => inFlight === 4)
    stream.controller.abort()
    await on.upstream.until(({ inFlight }) => inFlight === 0)
  })

  const vercel = (model: string) => createOpenAI({ baseURL: `${on.url}/v1`, apiKey: 'sk-client' })(model)
  aiSdkTests(on, vercel)

  test('the AI SDK sends earlier turns whole where it is told that nothing is stored', async () => {
    on.upstream.reply(inTurn({ text: '42', thinking: 'six sevens' }))
    const asked = { model: vercel('r1+none'), providerOptions: { openai: { store: false } }, maxRetries: 0 }
    const question = { role: 'user' as const, content: 'How much?' }
    const { response } = await generateText({ ...asked, messages: [question] })
    const again = { role: 'user' as const, content: 'Sure?' }
    expect((await generateText({ ...asked, messages: [question, ...response.messages, again] })).text).toBe('42')
    expect(last().messages).toEqual([question, { role: 'assistant', content: '42' }, again])
  })

  test('LangChain reads text and usage, streamed and not', async () => {
    on.upstream.reply(inTurn({ text: '42', thinking: 'six sevens' }))
    const model = new ChatOpenAI({
      model: 'chain+sc@2',
      apiKey: 'sk-client',
      useResponsesApi: true,
      maxRetries: 0,
      configuration: { baseURL: `${on.url}/v1` },
    })
    const plain = await model.invoke('How much?')
    expect(plain.text).toBe('42')
    expect(plain.usage_metadata).toMatchObject({ input_tokens: 10, output_tokens: 10 })
    const pieces = await Array.fromAsync(await model.stream('How much?'))
    expect(pieces.map(({ text }) => text).join('')).toBe('42')
  })
}
