import { expect, test } from 'vitest'
import { gate } from '../helpers/upstream.ts'
import { ask, type Stage } from './proxy.ts'

/** Without a recipe Mull is not there. */
export function relayTests(on: Stage): void {
  test('request and response are relayed byte for byte', async () => {
    const reply = '{"id":1,  "odd":"spacing\\u00e9", "choices":[]}\n'
    on.upstream.reply(() => ({ raw: { status: 207, headers: { 'x-upstream': 'yes' }, chunks: [reply] } }))
    const sent = '{ "model":"r1",\n "messages":[{"role":"user","content":"ü"}], "unknown":[1e3] }'
    const response = await fetch(`${on.url}/v1/chat/completions?v=1`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer sk-own', 'x-custom': 'c' },
      body: sent,
    })
    expect(response.status).toBe(207)
    expect(response.headers.get('x-upstream')).toBe('yes')
    expect(await response.text()).toBe(reply)
    const asked = on.upstream.asked.at(-1)!
    expect(asked.raw.toString()).toBe(sent)
    expect(asked.path).toBe('/v1/chat/completions?v=1')
    expect(asked.headers).toMatchObject({ authorization: 'Bearer sk-own', 'x-custom': 'c' })
  })

  test('a relayed stream keeps its comments, and its first event does not wait for the next', async () => {
    const held = gate()
    const chunks = [': OPENROUTER PROCESSING\n\n', 'data: {"choices":[]}\n\n', 'data: [DONE]\n\n']
    on.upstream.reply(() => ({ raw: { chunks }, holdAfter: { chunks: 1, gate: held } }))
    const response = await on.post({ ...ask('r1'), stream: true })
    const decoder = new TextDecoder()
    let text = ''
    for await (const bytes of response.body!) {
      text += decoder.decode(bytes, { stream: true })
      if (text === chunks[0]) held.open()
    }
    expect(text).toBe(chunks.join(''))
  })

  test('headers about the connection to the upstream stay there', async () => {
    const ofConnection = {
      te: 'trailers',
      'proxy-authenticate': 'Basic',
      'proxy-connection': 'close',
      'x-hop': 'secret',
    }
    const headers = { connection: 'keep-alive, X-Hop', 'keep-alive': 'timeout=7', ...ofConnection, 'x-kept': 'yes' }
    on.upstream.reply(() => ({ raw: { headers, chunks: ['{}'] } }))
    const response = await on.post(ask('r1'))
    expect(response.headers.get('x-kept')).toBe('yes')
    expect(response.headers.get('keep-alive')).not.toBe('timeout=7')
    for (const name of Object.keys(ofConnection)) expect(response.headers.has(name)).toBe(false)
    expect(await response.text()).toBe('{}')
  })

  test('models are listed with every strategy, so that a menu can offer them', async () => {
    const ids = (await Array.fromAsync(await on.client.models.list())).map(({ id }) => id)
    expect(ids).toEqual(expect.arrayContaining(['r1', 'other', 'r1+self-consistency', 'other+best-of-n']))
    expect(await on.client.models.retrieve('r1+sc@16')).toMatchObject({ id: 'r1+sc@16', object: 'model' })
    expect(await on.client.models.retrieve('r1')).toMatchObject({ id: 'r1', owned_by: 'upstream' })
    await expect(on.client.models.retrieve('nobody')).rejects.toMatchObject({ status: 404 })
  })

  test('embeddings are relayed', async () => {
    const { data } = await on.client.embeddings.create({ model: 'e', input: 'text' })
    expect(data[0]!.embedding.map((value) => Number(value.toFixed(2)))).toEqual([0.1, 0.2, 0.3])
  })

  test('a page of another origin may ask and read', async () => {
    const origin = { origin: 'https://app.example' }
    const preflight = await fetch(`${on.url}/v1/chat/completions`, {
      method: 'OPTIONS',
      headers: { ...origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'x-a' },
    })
    expect(preflight.status).toBe(204)
    expect(preflight.headers.get('access-control-allow-headers')).toContain('x-a')
    for (const model of ['r1', 'r1+sc@2', 'r1+nope']) {
      const { headers } = await on.post(ask(model), origin)
      expect(headers.get('access-control-allow-origin')).toBe('*')
      expect(headers.get('access-control-expose-headers')).toBe('*')
    }
  })

  test('it says that it is healthy', async () => {
    expect(await (await fetch(`${on.url}/health`)).json()).toMatchObject({ status: 'ok' })
  })
}
