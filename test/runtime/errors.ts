import OpenAI from 'openai'
import { expect, test } from 'vitest'
import { gate } from '../helpers/upstream.ts'
import { ask, inTurn, type Stage } from './proxy.ts'

/** Every failure reaches OpenAI's client as the error it has a class for. */
export function errorTests(on: Stage): void {
  const kinds = [
    [400, OpenAI.BadRequestError],
    [401, OpenAI.AuthenticationError],
    [404, OpenAI.NotFoundError],
    [429, OpenAI.RateLimitError],
    [500, OpenAI.InternalServerError],
  ] as const

  test.each(kinds)('the upstream’s %i is the client’s, relayed or not', async (status, kind) => {
    on.upstream.reply(() => ({ status, error: { message: 'because I say so', code: 'said_so' } }))
    for (const model of [`plain-${status}`, `recipe-${status}+sc@3`]) {
      const error = await on.client.chat.completions.create(ask(model)).then(
        () => undefined,
        (error: unknown) => error,
      )
      expect(error).toBeInstanceOf(kind)
      expect(error).toMatchObject({ status, code: 'said_so', message: expect.stringContaining('because I say so') })
    }
  })

  test('retry-after is kept', async () => {
    const headers = { 'retry-after': '120' }
    on.upstream.reply(() => ({ status: 429, error: { message: 'slow down' }, headers }))
    const response = await on.post(ask('r1+sc@3'))
    expect(response.status).toBe(429)
    expect(response.headers.get('retry-after')).toBe('120')
  })

  const mistakes: [string, unknown, string, RegExp][] = [
    ['an unknown strategy', ask('r1+self-consistancy@8'), 'model', /Did you mean "self-consistency"/],
    ['a number out of range', ask('r1+sc@1000000000'), 'model', /n is 1000000000; allowed is .* 1 to 256/],
    ['an unknown option', ask('r1+bon@4(scorr=judge)'), 'model', /no option "scorr".* Did you mean "scorer"/],
    ['no messages', { model: 'r1+sc@2', messages: [] }, 'messages', /messages/],
    ['a temperature that is none', { ...ask('r1+sc@2'), temperature: 'hot' }, 'temperature', /"hot"/],
    ['an unknown field of ours', { ...ask('r1'), mull: { strateggy: 'sc' } }, 'mull', /strateggy/],
    ['no model', { messages: [], mull: { strategy: 'sc' } }, 'model', /missing/],
    ['no object', [1, 2], '', /JSON object|not a chat request|model/],
    ...[0, -1, 1.5, '3', true].map((n): [string, unknown, string, RegExp] => [
      `an n of ${JSON.stringify(n)}`,
      { ...ask('r1'), n },
      'n',
      /from 1 to 16/,
    ]),
    ...['r1', 'r1+none'].map((model): [string, unknown, string, RegExp] => [
      `an n of 17 for ${model}`,
      { ...ask(model), n: 17 },
      'n',
      /MULL_MAX_N. may ask for 16/,
    ]),
    ...['m', 'm+none'].map((end): [string, unknown, string, RegExp] => [
      `a name of 257 characters, ${end}`,
      ask('m'.repeat(256) + end),
      'model',
      /257 characters long, and may be 256/,
    ]),
  ]
  test.each(mistakes)('%s is a 400 that says what is wrong', async (_, body, param, message) => {
    const response = await on.post(body)
    expect(response.status).toBe(400)
    const { error } = (await response.json()) as { error: Record<string, unknown> }
    expect(error).toMatchObject({ type: 'invalid_request_error', message: expect.stringMatching(message) })
    expect(error['param'] ?? '').toBe(param)
    expect(on.upstream.asked.filter(({ path }) => path.endsWith('/chat/completions'))).toHaveLength(0)
  })

  test.each(['{"model": ', '{"model": "r1", "messages": [}', '', 'null'])('%j is a 400, not sent on', async (body) => {
    const response = await fetch(`${on.url}/v1/chat/completions`, { method: 'POST', body })
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ error: { message: expect.stringContaining('not a JSON object') } })
    expect(on.upstream.asked).toHaveLength(0)
  })

  test('a body that is nested without end is a 400', async () => {
    const deep = `{"model":"r1+sc@2","messages":[{"role":"user","content":${'['.repeat(50_000)}${']'.repeat(50_000)}}]}`
    const response = await fetch(`${on.url}/v1/chat/completions`, { method: 'POST', body: deep })
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ error: { message: expect.stringContaining('100 levels') } })
  })

  test.each(['model', 'messages', 'mull', 'optillm_approach', 'tools'])(
    'a body that is nested without end is a 400, in the field %s too',
    async (field) => {
      for (const model of ['r1', 'r1+none']) {
        const nested = `${'['.repeat(20_000)}${']'.repeat(20_000)}`
        const body = `{"model":"${model}","messages":[{"role":"user","content":"q"}],"${field}":${nested}}`
        const response = await fetch(`${on.url}/v1/chat/completions`, { method: 'POST', body })
        expect(response.status).toBe(400)
        expect(await response.json()).toMatchObject({ error: { message: expect.stringContaining('100 levels') } })
      }
    },
  )

  test.each(['r1+sc@200+sc@2', 'r1+bon@200', 'r1+sc@16+sc@16+sc@16'])(
    '%s, whose numbers are beyond what one request may ask for, is a 400 before anything is asked',
    async (model) => {
      const response = await on.post(ask(model))
      expect(response.status).toBe(400)
      expect(await response.json()).toMatchObject({
        error: { code: 'too_many_calls', param: 'model', message: expect.stringMatching(/up to \d+ .*MULL_MAX_CALLS/) },
      })
      expect(on.upstream.asked.filter(({ path }) => path.endsWith('/chat/completions'))).toHaveLength(0)
    },
  )

  test('who says how many calls are enough gets the best of so many', async () => {
    const response = await on.post({ ...ask('r1+bon@200(scorer=agreement)'), mull: { budget: { calls: 3 } } })
    expect(response.status).toBe(200)
    expect(await response.json()).toMatchObject({ mull: { calls: 3, budget_exhausted: 'calls' } })
  })

  test('a name that no header can carry is answered all the same', async () => {
    const response = await on.post(ask('r\ud800\r\nx-injected: 1 模+none'))
    expect(response.status).toBe(200)
    expect(response.headers.has('x-injected')).toBe(false)
    expect(response.headers.get('x-mull-recipe')).toMatch(/^[ -~]+$/)
  })

  test('a body larger than the limit is a 413', async () => {
    const response = await on.post(ask('r1+sc@2', 'x'.repeat(600_000)))
    expect(response.status).toBe(413)
    expect(await response.json()).toMatchObject({ error: { message: expect.stringContaining('MULL_MAX_BODY_MB') } })
  })

  test('a path that is none is a 404 in OpenAI’s form', async () => {
    const response = await fetch(`${on.url}/chat/completions`, { method: 'POST', body: '{}' })
    expect(response.status).toBe(404)
    expect(await response.json()).toMatchObject({ error: { message: expect.stringContaining('/v1') } })
  })

  test('an upstream that breaks off in mid-stream is an error event, and never [DONE]', async () => {
    const cut = { raw: { chunks: ['data: {"choices":[{"index":0,"delta":{"content":"The ans"}}]}\n\n'], cut: true } }
    on.upstream.reply(() => cut)
    const response = await on.post({ ...ask('cut+none'), stream: true })
    const text = await response.text()
    expect(text).not.toMatch(/\[DONE\]|"finish_reason":"/)
    const last = text.trim().split('\n\n').at(-1)!
    expect(JSON.parse(last.slice('data: '.length))).toMatchObject({ error: { code: 'upstream_cut' } })
    const stream = await on.client.chat.completions.create({ ...ask('cut+none'), stream: true })
    await expect(Array.fromAsync(stream)).rejects.toBeInstanceOf(OpenAI.APIError)
  })

  test('when every sample was cut off, the best cut-off text is returned, and the thinking says why', async () => {
    on.upstream.reply(inTurn({ text: 'It is', finish: 'length' }, { text: 'It is about', finish: 'length' }))
    const { choices } = await on.client.chat.completions.create({ ...ask('r1+sc@2'), max_tokens: 5 })
    expect(choices[0]).toMatchObject({
      finish_reason: 'length',
      message: { content: 'It is about', reasoning_content: expect.stringContaining('cut off by the token limit') },
    })
    expect(on.upstream.asked.at(-1)?.json?.['max_tokens']).toBe(5)
  })

  test('a stop string ends the answer and not the thinking', async () => {
    on.upstream.reply(inTurn({ text: 'first\nEND second', thinking: 'not yet the END, go on' }))
    const { choices } = await on.client.chat.completions.create({ ...ask('r1+sc@2'), stop: 'END' })
    expect(choices[0]!.message).toMatchObject({
      content: 'first\n',
      reasoning_content: expect.stringContaining('not yet the END, go on'),
    })
    expect(on.upstream.asked.at(-1)?.json).not.toHaveProperty('stop')
  })

  test('an upstream that hangs up is a 502 that tells no secrets', async () => {
    const held = gate()
    on.upstream.reply(() => ({ raw: { chunks: [], cut: true }, hold: held }))
    held.open()
    const response = await on.post(ask('gone+sc@2'))
    expect(response.status).toBe(502)
    expect(await response.text()).not.toMatch(/127\.0\.0\.1|at .*\.ts/)
  })
}
