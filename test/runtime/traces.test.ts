import { describe, expect, test } from 'vitest'
import type { Happened, Recorded, Summary } from '../../src/http/traces/shape.ts'
import { gate } from '../helpers/upstream.ts'
import { ask, inTurn, type Start, stage } from './proxy.ts'
import { onNode, onWorkerd } from './starts.ts'

describe('Node', () => traceTests(onNode()))
describe('workerd', () => traceTests(onWorkerd()))

function traceTests(start: Start): void {
  const guarded = { MULL_API_KEYS: 'sk-proxy', UPSTREAM_API_KEY: 'sk-upstream' }
  const key = { authorization: 'Bearer sk-proxy' }
  const on = stage(start, { ...guarded, MULL_TRACES: 'full' })
  const get = (path: string, headers: object = key) => fetch(`${on.url}/v1/${path}`, { headers: { ...headers } })
  const read = async <T>(path: string) => (await (await get(path)).json()) as T
  const idOf = (response: Response) => response.headers.get('x-request-id')!

  /** The words of each span of a trace. */
  const saidIn = (events: readonly Happened[]) => {
    const said: Record<string, string> = {}
    for (const event of events)
      if (event.type === 'text-delta') said[event.span] = (said[event.span] ?? '') + event.text
    return said
  }

  test('a request is listed with what it came to, and can be read with all that happened', async () => {
    on.upstream.reply(inTurn('It is 42.', 'It is 42.', 'It is 41.', 'It is 42.'))
    const response = await on.post(ask('r1+sc@4'), key)
    const { mull } = (await response.json()) as { mull: { trace_id: string } }
    const { data } = await read<{ data: Summary[] }>('traces')
    expect(data[0]).toMatchObject({
      id: mull.trace_id,
      door: 'chat',
      model: 'r1+sc@4',
      recipe: 'r1+self-consistency@4',
      outcome: 'answered',
      status: 200,
      calls: 4,
      tokens: 30,
      agreement: 0.75,
      samples: { done: 4, failed: 0, cancelled: 0 },
    })
    const { events, messages, truncated } = await read<Recorded>(`traces/${mull.trace_id}`)
    expect(messages).toEqual(ask('').messages)
    expect(truncated).toBe(false)
    const samples = events.filter((event) => event.type === 'span-start' && event.kind === 'sample')
    const said = saidIn(events)
    expect(samples.map(({ span }) => said[span]).sort()).toEqual(['It is 41.', 'It is 42.', 'It is 42.', 'It is 42.'])
    expect(events.find(({ type }) => type === 'votes')).toMatchObject({ votes: { agreement: 0.75 } })
    expect(events.map(({ at }) => at)).not.toContain(undefined)
  })

  test('it is found by what its client calls it, too', async () => {
    await (await on.post(ask('r1+sc@2'), { ...key, 'x-request-id': 'my-run' })).text()
    expect(await read('traces/my-run')).toMatchObject({ request_id: 'my-run', model: 'r1+sc@2' })
  })

  test('it can be followed while it runs, from its beginning to its end', async () => {
    const held = gate()
    on.upstream.reply(() => ({
      choices: [{ text: 'It is 42.' }, { text: 'It is 42.' }],
      holdAfter: { chunks: 2, gate: held },
    }))
    const streamed = await on.post({ ...ask('r1+sc@2'), stream: true }, key)
    expect((await read<Summary>(`traces/${idOf(streamed)}`)).outcome).toBeUndefined()
    const following = await get(`traces/${idOf(streamed)}/events`)
    const decoder = new TextDecoder()
    let text = ''
    for await (const bytes of following.body!) {
      text += decoder.decode(bytes, { stream: true })
      if (text.includes('"kind":"sample"')) held.open()
    }
    await streamed.text()
    const data = text.split('\n').filter((line) => line.startsWith('data: '))
    expect(data.pop()).toBe('data: [DONE]')
    const events = data.map((line) => JSON.parse(line.slice(6)) as Happened)
    expect(events[0]).toMatchObject({ type: 'span-start', kind: 'request' })
    expect(events.filter(({ type }) => type === 'span-end')).toHaveLength(4)
    expect(events).toEqual((await read<Recorded>(`traces/${idOf(streamed)}`)).events)
  })

  test('what failed says why, and a relay is listed though nothing is known of its inside', async () => {
    on.upstream.reply(() => ({ status: 501, error: { message: 'No such thing.', code: 'not_there' } }))
    const failed = await on.post(ask('r1+sc@2'), key)
    expect(await read(`traces/${idOf(failed)}`)).toMatchObject({ outcome: 'failed', status: 501, error: 'not_there' })
    on.upstream.reply(() => ({ text: 'ok' }))
    const relayed = await on.post(ask('r1'), key)
    await relayed.text()
    await expect
      .poll(() => read(`traces/${idOf(relayed)}`))
      .toMatchObject({ model: 'r1', relayed: true, outcome: 'answered', events: [] })
  })

  test('it asks for the key, and has no secret in it', async () => {
    expect((await get('traces', {})).status).toBe(401)
    const response = await on.post(ask('r1+sc@2'), key)
    await response.text()
    const all = (await (await get('traces')).text()) + (await (await get(`traces/${idOf(response)}`)).text())
    expect(all).toContain('r1+sc@2')
    expect(all).not.toMatch(/sk-/)
  })

  test('what is not kept is not found, and says how many are', async () => {
    const response = await get('traces/nothing')
    expect(response.status).toBe(404)
    expect(await response.json()).toMatchObject({ error: { code: 'trace_not_found', message: /300/ } })
  })

  describe('of several keys', () => {
    const keys = { MULL_API_KEYS: 'sk-one sk-two', MULL_TRACES: 'full' }
    const own = stage(start, { ...guarded, ...keys })
    const all = stage(start, { ...guarded, ...keys, MULL_TRACES_READABLE: 'all' })
    const by = (secret: string) => ({ authorization: `Bearer ${secret}` })

    test.each(['r1', 'r1+sc@2'])('a key reads what was asked with it, of %s', async (model) => {
      const response = await own.post(ask(model), by('sk-one'))
      await response.text()
      const id = idOf(response)
      const got = (path: string, secret: string) => fetch(`${own.url}/v1/${path}`, { headers: by(secret) })
      await expect.poll(async () => (await got(`traces/${id}`, 'sk-one')).status).toBe(200)
      expect((await got(`traces/${id}`, 'sk-two')).status).toBe(404)
      expect((await got(`traces/${id}/events`, 'sk-two')).status).toBe(404)
      expect(await (await got('traces', 'sk-two')).json()).toEqual({ object: 'list', data: [] })
    })

    test('the operator may let each read all', async () => {
      const response = await all.post(ask('r1+sc@2'), by('sk-one'))
      await response.text()
      const read = await fetch(`${all.url}/v1/traces/${idOf(response)}`, { headers: by('sk-two') })
      expect(await read.json()).toMatchObject({ caller: 'key-1', calls: 2 })
    })
  })

  describe('metadata', () => {
    const on = stage(start, { ...guarded, MULL_TRACES: 'metadata' })

    test('has the shape of a request, and none of its words', async () => {
      on.upstream.reply(inTurn({ text: 'It is secret42.', thinking: 'secret thought' }))
      const response = await on.post(ask('r1+sc@2', 'A secret question?'), key)
      await response.text()
      const id = idOf(response)
      const trace = await (await fetch(`${on.url}/v1/traces/${id}`, { headers: key })).text()
      expect(trace).not.toContain('secret')
      expect(JSON.parse(trace)).toMatchObject({ calls: 2, agreement: 1 })
      const { events } = JSON.parse(trace) as Recorded
      expect(events.filter(({ type }) => type === 'votes')).toHaveLength(1)
    })
  })

  describe('off', () => {
    const on = stage(start, { ...guarded, MULL_TRACES: 'off' })

    test('says so, and asks nobody else', async () => {
      const response = await fetch(`${on.url}/v1/traces`, { headers: key })
      expect(response.status).toBe(404)
      expect(await response.json()).toMatchObject({ error: { code: 'traces_off' } })
      expect(on.upstream.asked).toEqual([])
    })
  })

  describe('without a key to ask for', () => {
    const on = stage(start, { MULL_TRACES: 'full' })

    test('a page from elsewhere in the same browser may not read what its user asked', async () => {
      const from = (origin: string) => fetch(`${on.url}/v1/traces`, { headers: { origin } })
      expect((await from('https://elsewhere.example')).status).toBe(403)
      expect((await from(on.url)).status).toBe(200)
    })
  })
}
