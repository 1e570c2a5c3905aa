import { expect, test } from 'vitest'
import { ask, inTurn, type Stage } from './proxy.ts'

/** OpenAI's client gets from a recipe what it would get from a model. */
export function chatTests(on: Stage): void {
  test('a recipe’s answer is the one that most samples reach, with the usage of all of them', async () => {
    on.upstream.reply(inTurn('A \\boxed{41}', 'B \\boxed{42}', 'C \\boxed{40}', 'D \\boxed{42}', 'E \\boxed{42}'))
    const { data, response } = await on.client.chat.completions.create(ask('r1+self-consistency@5')).withResponse()
    expect(data.choices).toHaveLength(1)
    expect(data.choices[0]).toMatchObject({
      message: { role: 'assistant', content: 'B \\boxed{42}' },
      finish_reason: 'stop',
    })
    expect(data.usage).toMatchObject({ prompt_tokens: 10, completion_tokens: 25, total_tokens: 35 })
    expect(data).toMatchObject({
      object: 'chat.completion',
      model: 'r1+self-consistency@5',
      mull: { recipe: 'r1+self-consistency@5', calls: 5, requests: 1, agreement: 0.6 },
    })
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'x-mull-recipe': 'r1+self-consistency@5',
      'x-mull-calls': '5',
      'x-mull-agreement': '0.6000',
      'x-request-id': expect.stringMatching(/^[\w-]+$/),
    })
  })

  test('the streamed deltas put together are the plain response', async () => {
    const answers = [
      { text: '\\boxed{42}', thinking: 'six sevens' },
      { text: '\\boxed{41}', thinking: 'hm' },
      { text: 'It is \\boxed{42}', thinking: 'I know that one' },
    ]
    on.upstream.reply(inTurn(...answers))
    const plain = await on.client.chat.completions.create(ask('r1+sc@3'))
    on.upstream.reply(inTurn(...answers))
    const stream = await on.client.chat.completions.create({
      ...ask('r1+sc@3'),
      stream: true,
      stream_options: { include_usage: true },
    })
    const said = { content: '', reasoning_content: '', reasoning: '' }
    let usage: unknown
    let finish: unknown
    for await (const chunk of stream) {
      const delta = (chunk.choices[0]?.delta ?? {}) as Partial<typeof said>
      for (const field of Object.keys(said) as (keyof typeof said)[]) said[field] += delta[field] ?? ''
      finish ??= chunk.choices[0]?.finish_reason
      usage = chunk.usage ?? usage
    }
    const message = plain.choices[0]!.message as unknown as typeof said
    expect(said.content).toBe(message.content)
    expect(said.reasoning_content.trim()).toBe(message.reasoning_content)
    expect(said.reasoning).toBe(said.reasoning_content)
    expect(said.reasoning_content).toContain('six sevens')
    expect(finish).toBe('stop')
    expect(usage).toEqual(plain.usage)
  })

  test('a stream is OpenAI’s to the letter: a role first, one finish, the usage last, then [DONE]', async () => {
    on.upstream.reply(inTurn('\\boxed{42}'))
    const body = { ...ask('r1+sc@2'), stream: true, stream_options: { include_usage: true } }
    const response = await on.post(body)
    expect(response.headers.get('content-type')).toContain('text/event-stream')
    const lines = (await response.text()).split('\n\n').filter((line) => line.startsWith('data: '))
    expect(lines.at(-1)).toBe('data: [DONE]')
    const chunks = lines.slice(0, -1).map((line) => JSON.parse(line.slice('data: '.length)))
    expect(chunks[0].choices[0].delta).toEqual({ role: 'assistant', content: '' })
    expect(chunks.filter(({ choices }) => choices[0]?.finish_reason)).toHaveLength(1)
    expect(new Set(chunks.map(({ id }) => id)).size).toBe(1)
    expect(chunks.slice(0, -1).every(({ usage }) => usage === null)).toBe(true)
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { completion_tokens: 10 }, mull: { calls: 2 } })
  })

  test('without include_usage no chunk carries any', async () => {
    const response = await on.post({ ...ask('r1+sc@3'), stream: true })
    expect(await response.text()).not.toContain('"usage"')
  })

  test('tools make a round trip: calls are voted on, and their results are answered', async () => {
    const call = (city: string) => ({
      text: '',
      toolCalls: [{ id: `call_${city}`, name: 'weather', arguments: `{"city":"${city}"}` }],
    })
    const tools = [{ type: 'function' as const, function: { name: 'weather', parameters: { type: 'object' } } }]
    on.upstream.reply(inTurn(call('Rome'), call('Bern'), call('Bern')))
    const asked = ask('r1+sc@3', 'How is the weather in Bern?')
    for (const stream of [false, true]) {
      const first = await (stream
        ? on.client.chat.completions.stream({ ...asked, tools }).finalChatCompletion()
        : on.client.chat.completions.create({ ...asked, tools }))
      expect(first.choices[0]).toMatchObject({ finish_reason: 'tool_calls' })
      expect(first.choices[0]!.message.tool_calls).toMatchObject([
        { id: 'call_Bern', type: 'function', function: { name: 'weather', arguments: '{"city":"Bern"}' } },
      ])
    }
    on.upstream.reply(inTurn('Sunny'))
    const second = await on.client.chat.completions.create({
      model: 'r1+sc@3',
      tools,
      messages: [
        ...asked.messages,
        {
          role: 'assistant',
          tool_calls: [{ id: 'call_Bern', type: 'function', function: { name: 'weather', arguments: '{}' } }],
        },
        { role: 'tool', tool_call_id: 'call_Bern', content: 'sun' },
      ],
    })
    expect(second.choices[0]!.message.content).toBe('Sunny')
    expect(on.upstream.asked.at(-1)?.json?.messages?.at(-1)).toMatchObject({ role: 'tool', tool_call_id: 'call_Bern' })
  })

  test('a JSON schema reaches every sample, and its answers are voted on by value', async () => {
    const response_format = {
      type: 'json_schema' as const,
      json_schema: { name: 'sum', strict: true, schema: { type: 'object', properties: { total: { type: 'number' } } } },
    }
    on.upstream.reply(inTurn('{"total": 41}', '{"total":42}', '{ "total": 42.0 }'))
    const { choices } = await on.client.chat.completions.parse({ ...ask('r1+sc@3'), response_format })
    expect(choices[0]!.message.parsed).toEqual({ total: 42 })
    expect(on.upstream.asked.at(-1)?.json?.['response_format']).toEqual(response_format)
  })

  test('n asks for the n best distinct answers, best first', async () => {
    on.upstream.reply(inTurn('\\boxed{41}', '\\boxed{42}', '\\boxed{42}', '\\boxed{40}'))
    const { choices } = await on.client.chat.completions.create({ ...ask('r1+sc@4'), n: 2 })
    expect(choices.map(({ index, message }) => [index, message.content])).toEqual([
      [0, '\\boxed{42}'],
      [1, '\\boxed{41}'],
    ])
  })

  test('every field of the request reaches the upstream, known or not', async () => {
    await on.post({ ...ask('r1+sc@2'), top_p: 0.9, logit_bias: { 50256: -100 }, vendor_field: { deep: [1] } })
    expect(on.upstream.asked.at(-1)?.json).toMatchObject({
      model: 'r1',
      top_p: 0.9,
      logit_bias: { 50256: -100 },
      vendor_field: { deep: [1] },
    })
  })

  test('the recipe can stand in the body or in a header', async () => {
    const inBody = await on.post({ ...ask('r1'), mull: { strategy: 'sc@3' } })
    expect(await inBody.json()).toMatchObject({ model: 'r1', mull: { recipe: 'r1+self-consistency@3', calls: 3 } })
    const inHeader = await on.post(ask('r1'), { 'x-mull-strategy': 'sc@3' })
    expect(await inHeader.json()).toMatchObject({ mull: { recipe: 'r1+self-consistency@3', calls: 3 } })
    expect(on.upstream.asked.every(({ json, headers }) => !json?.['mull'] && !headers['x-mull-strategy'])).toBe(true)
  })

  test('thinking goes out in the form that the client reads', async () => {
    const answer = { text: '42', thinking: 'six sevens' }
    on.upstream.reply(inTurn(answer))
    const told = async (think: string) => {
      const response = await on.post({ ...ask('r1+sc@2'), mull: { think } })
      return ((await response.json()) as { choices: [{ message: Record<string, string> }] }).choices[0].message
    }
    expect(Object.keys(await told('reasoning')).sort()).toEqual(['content', 'reasoning', 'role'])
    expect(Object.keys(await told('reasoning_content')).sort()).toEqual(['content', 'reasoning_content', 'role'])
    expect(await told('none')).toEqual({ role: 'assistant', content: '42' })
    expect((await told('tags'))['content']).toMatch(/^<think>\n[\s\S]*six sevens\n<\/think>\n\n42$/)
  })
}
