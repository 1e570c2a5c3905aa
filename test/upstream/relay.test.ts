import { once } from 'node:events'
import http, { type IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import { createAdaptorServer } from '@hono/node-server'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { mainOf, readConfig } from '../../src/config/index.ts'
import { createEngine, httpOptions } from '../../src/engine.ts'
import { createApp } from '../../src/http/app.ts'
import { startNode } from '../../src/node.ts'
import { inMemory } from '../../src/remembered.ts'
import { gate, type Script, startUpstream } from '../helpers/upstream.ts'
import { overFetch } from './leaf.ts'

afterEach(() => {
  vi.restoreAllMocks()
})

type Environment = Record<string, string>

/** The whole server, relaying over node:http. */
async function overNodeHttp(environment: Environment) {
  return startNode(readConfig({ PORT: '0', ...environment }))
}

/** The same application on the other transport, as an edge runtime has it. */
async function overFetchOnly(environment: Environment) {
  const config = readConfig(environment)
  const transport = overFetch(mainOf(config).url![0].url, mainOf(config).timeouts.firstByte)
  const app = createApp(
    createEngine(config, () => transport, inMemory(config)),
    httpOptions(config),
  )
  const server = createAdaptorServer({ fetch: app.fetch }) as http.Server
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as { port: number }
  return {
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

const servers = [
  { name: 'node:http', start: overNodeHttp },
  { name: 'fetch', start: overFetchOnly },
]

/** What goes over the wire, untouched by any client library. */
async function request(url: string, { method = 'POST', headers = {}, body = '' as string | Buffer } = {}) {
  const sent = http.request(url, { method, headers, agent: false })
  sent.end(body)
  const [reply] = (await once(sent, 'response')) as [IncomingMessage]
  return { sent, reply }
}

const chat = JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'hi' }], vendor: [1.0, 'ü'] })

for (const { name, start } of servers)
  describe(`over ${name}`, () => {
    const relaying = async (script: Script, environment: Environment = {}) => {
      const upstream = await startUpstream(script)
      const server = await start({ UPSTREAM_BASE_URL: upstream.url, ...environment })
      return {
        upstream,
        chat: `${server.url}/v1/chat/completions`,
        url: server.url,
        [Symbol.asyncDispose]: async () => {
          await upstream.close()
          await server.close(0)
        },
      }
    }

    test('the request arrives byte for byte, with its path, query and headers', async () => {
      await using at = await relaying(() => ({ text: 'ok' }))
      const spaced = chat.replace(':', ' :  ')
      const headers = {
        'content-type': 'application/json; charset=utf-8',
        'x-vendor': 'kept',
        authorization: 'Bearer k',
      }
      const { reply } = await request(`${at.chat}?api-version=1&x=%20y`, { headers, body: spaced })
      await text(reply)
      const [asked] = at.upstream.asked
      expect(asked?.raw.toString()).toBe(spaced)
      expect(asked?.path).toBe('/v1/chat/completions?api-version=1&x=%20y')
      expect(asked?.headers).toMatchObject(headers)
    })

    test('status, headers and body of the reply come back as they are', async () => {
      const body = '{"error" :{"message":"sl\\u00f6w"}}'
      const headers = { 'content-type': 'application/json', 'retry-after': '7', 'x-request-id': 'theirs' }
      const raw = { status: 429, headers: { ...headers, 'set-cookie': ['a=1', 'b=2'] as never }, chunks: [body] }
      await using at = await relaying(() => ({ raw }))
      const { reply } = await request(at.chat, { body: chat })
      expect(reply.statusCode).toBe(429)
      expect(reply.headers).toMatchObject({ ...headers, 'set-cookie': ['a=1', 'b=2'] })
      expect(await text(reply)).toBe(body)
      expect(at.upstream.asked).toHaveLength(1)
    })

    test('a stream comes back with its comments, and its first chunk before there is a second', async () => {
      const more = gate()
      const chunks = [': keep-alive\n\n', 'data: {"odd" : 1}\r\n\r\n', 'event: x\ndata: [DONE]\n\n']
      const raw = { headers: { 'content-type': 'text/event-stream' }, chunks }
      await using at = await relaying(() => ({ raw, holdAfter: { chunks: 1, gate: more } }))
      const { reply } = await request(at.chat, { body: chat.replace('{', '{"stream":true,') })
      const [first] = (await once(reply, 'data')) as [Buffer]
      expect(first.toString()).toBe(chunks[0])
      more.open()
      expect(await text(reply)).toBe(chunks.slice(1).join(''))
    })

    test('the head of a stream is there before its first chunk', async () => {
      const more = gate()
      await using at = await relaying(() => ({ text: 'ok', holdAfter: { chunks: 0, gate: more } }))
      const { reply } = await request(at.chat, { body: chat.replace('{', '{"stream":true,') })
      expect(reply.headers['content-type']).toBe('text/event-stream')
      more.open()
      expect(await text(reply)).toContain('[DONE]')
    })

    test('a client that leaves before the reply, or in its midst, takes the upstream’s call along', async () => {
      const never = gate()
      await using at = await relaying((_, index) =>
        index === 0 ? { text: 'ok', hold: never } : { text: 'a long answer', holdAfter: { chunks: 2, gate: never } },
      )
      const waiting = http.request(at.chat, { method: 'POST', agent: false }).on('error', () => {})
      waiting.end(chat)
      await at.upstream.until(({ inFlight }) => inFlight === 1)
      waiting.destroy()
      await at.upstream.until(({ inFlight, left }) => inFlight === 0 && left === 1)
      const { reply, sent } = await request(at.chat, { body: chat.replace('{', '{"stream":true,') })
      reply.on('error', () => {})
      await once(reply, 'data')
      sent.destroy()
      await at.upstream.until(({ inFlight, left }) => inFlight === 0 && left === 2)
    })

    test('a reply that breaks off breaks off for the client', async () => {
      // The adapter reports the cut.
      vi.spyOn(console, 'error').mockImplementation(() => {})
      const more = gate()
      const raw = { chunks: ['data: {"half":1}\n\n'], cut: true }
      await using at = await relaying(() => ({ raw, holdAfter: { chunks: 1, gate: more } }))
      const { reply } = await request(at.chat, { body: chat.replace('{', '{"stream":true,') })
      await once(reply, 'data')
      more.open()
      await expect(text(reply)).rejects.toThrow('aborted')
    })

    test('any other path is relayed too, with the body in whatever form it came', async () => {
      await using at = await relaying(() => ({ text: 'ok' }))
      const body = Buffer.from(JSON.stringify({ model: 'e', input: ['a', 'b'.repeat(200_000)] }))
      const sized = await request(`${at.url}/v1/embeddings`, { headers: { 'content-length': `${body.length}` }, body })
      expect(JSON.parse(await text(sized.reply)).data).toHaveLength(2)
      const chunked = await request(`${at.url}/v1/embeddings`, { headers: { 'transfer-encoding': 'chunked' }, body })
      expect(JSON.parse(await text(chunked.reply)).data).toHaveLength(2)
      for (const { raw } of at.upstream.asked) expect(raw.equals(body)).toBe(true)
    })

    test('a client that asks whether to go on is told so here', async () => {
      await using at = await relaying(() => ({ text: 'ok' }))
      const { reply } = await request(at.chat, { headers: { expect: '100-continue' }, body: chat })
      expect(reply.statusCode).toBe(200)
      await text(reply)
      expect(at.upstream.asked[0]!.headers).not.toHaveProperty('expect')
    })

    test('requests without a body are relayed without one', async () => {
      await using at = await relaying(() => ({ text: 'ok' }))
      for (const method of ['GET', 'DELETE', 'POST']) {
        const { reply } = await request(`${at.url}/v1/files/1`, { method })
        expect(reply.statusCode).toBe(404)
        expect(await text(reply)).toContain('/v1/files/1')
      }
      expect(at.upstream.asked.map(({ method, raw }) => [method, raw.length])).toEqual([
        ['GET', 0],
        ['DELETE', 0],
        ['POST', 0],
      ])
    })

    test('headers that the upstream says are about its connection stay there, but for those its body needs', async () => {
      const headers = {
        'content-type': 'text/x-odd',
        connection: 'keep-alive, X-Hop, Content-Type',
        'x-hop': 'secret',
        'keep-alive': 'timeout=7',
        'x-kept': 'yes',
      }
      await using at = await relaying(() => ({ raw: { headers, chunks: ['{}'] } }))
      const { reply } = await request(at.chat, { body: chat })
      expect(reply.headers).toMatchObject({ 'x-kept': 'yes', 'content-type': 'text/x-odd' })
      expect(reply.headers).not.toHaveProperty('x-hop')
      expect(reply.headers['keep-alive']).not.toBe('timeout=7')
      await text(reply)
    })

    test.each(['/v1/..%2f..%2fadmin', '/v1/x/%2e%2E%5c..%5cadmin', '/v1/%2e%2e%2f', '/v1/..;/admin', '/%761/admin'])(
      'the path %s, which may lead out of the upstream’s own, is none',
      async (path) => {
        await using at = await relaying(() => ({ text: 'ok' }))
        const { reply } = await request(`${at.url}${path}`, { body: '{}' })
        expect(reply.statusCode).toBe(404)
        expect(JSON.parse(await text(reply)).error.code).toBe('unknown_url')
        expect(at.upstream.asked).toHaveLength(0)
      },
    )

    test('dots that climb nowhere are relayed', async () => {
      await using at = await relaying(() => ({ text: 'ok' }))
      const { reply } = await request(`${at.url}/v1/files/a..b%2fc?up=../..`, { method: 'GET' })
      await text(reply)
      expect(at.upstream.asked[0]!.path).toBe('/v1/files/a..b%2fc?up=../..')
    })

    test('a redirect is neither followed nor told', async () => {
      await using elsewhere = await startUpstream()
      const raw = { status: 302, headers: { location: elsewhere.url }, chunks: [] }
      await using at = await relaying(() => ({ raw }))
      const { reply } = await request(at.chat, { body: chat })
      expect(reply.statusCode).toBe(502)
      expect(reply.headers).not.toHaveProperty('location')
      expect(JSON.parse(await text(reply)).error.code).toBe('upstream_redirects')
      expect(elsewhere.asked).toHaveLength(0)
    })

    const inside =
      'in handle (/srv/model/server.js:12:3)\n    at run (node:internal/task:9:5) for http://10.0.0.7:8000/v1'

    test.each([
      [500, `CUDA is out of memory ${inside}`, 'CUDA is out of memory in handle (…)'],
      [500, 'no such file: /srv/weights at https://models.example/x', 'no such file: … at …'],
      [400, `wrong ${inside}`, 'wrong in handle (…)'],
      [401, 'wrong key sk-of-the-operator, ask http://localhost:80/keys', 'wrong key …, ask …'],
      [400, 'n/a at 12:30:45; see https://api.example/docs, /models/x', undefined],
    ])('a %i, %j, is told without what is its operator’s business', async (status, message, told) => {
      const body = JSON.stringify({ error: { message, type: 'theirs' } }, null, 1)
      await using at = await relaying(() => ({ raw: { status, chunks: [body] } }))
      const { reply } = await request(at.chat, { body: chat })
      expect(reply.statusCode).toBe(status)
      const said = await text(reply)
      if (told === undefined) expect(said).toBe(body)
      expect(JSON.parse(said).error).toEqual({ message: told ?? message, type: 'theirs' })
    })

    test.each(['<html>nginx at 10.0.0.7</html>', '', `Traceback (most recent call last): ${inside}`])(
      'an error that is no JSON, %j, is one in OpenAI’s form with the same status',
      async (said) => {
        const raw = { status: 503, headers: { 'content-type': 'text/plain', 'retry-after': '7' }, chunks: [said] }
        await using at = await relaying(() => ({ raw }))
        const { reply } = await request(at.chat, { body: chat })
        expect(reply).toMatchObject({ statusCode: 503, headers: { 'retry-after': '7' } })
        expect(reply.headers).toHaveProperty('x-request-id')
        const { error } = JSON.parse(await text(reply))
        expect(error).toMatchObject({ type: 'server_error', message: expect.stringContaining('status 503') })
      },
    )

    test('the operator’s key is not told to who is refused with it', async () => {
      const environment = { UPSTREAM_API_KEY: 'key-of-the-operator' }
      await using at = await relaying(
        ({ headers }) => ({
          status: 401,
          error: { message: `Wrong: ${headers.authorization}` },
          headers: { 'www-authenticate': String(headers.authorization), 'x-kept': 'yes' },
        }),
        environment,
      )
      const { reply } = await request(at.chat, { body: chat })
      expect(reply).toMatchObject({ statusCode: 401, headers: { 'x-kept': 'yes' } })
      expect(JSON.stringify(reply.headers) + (await text(reply))).not.toContain('key-of-the-operator')
      expect(at.upstream.asked[0]!.headers.authorization).toBe('Bearer key-of-the-operator')
    })

    test('any page may read a reply, whatever the upstream says about that', async () => {
      const raw = { headers: { 'access-control-allow-origin': 'https://theirs.example' }, chunks: ['{}'] }
      await using at = await relaying(() => ({ raw }))
      const { reply } = await request(at.chat, { headers: { origin: 'https://page.example' }, body: chat })
      expect(reply.headers['access-control-allow-origin']).toBe('*')
      await text(reply)
    })

    test('an upstream that does not begin in time is a 504', async () => {
      await using at = await relaying(() => ({ text: 'late', hold: gate() }), { UPSTREAM_TIMEOUT_MS: '50' })
      const { reply } = await request(at.chat, { body: chat })
      expect(reply.statusCode).toBe(504)
      expect(JSON.parse(await text(reply)).error.code).toBe('upstream_timeout')
      await at.upstream.until(({ inFlight, left }) => inFlight === 0 && left === 1)
    })

    test('an upstream that is not there is a 502 that does not say where it should be', async () => {
      await using at = await relaying(() => ({ text: 'ok' }))
      await at.upstream.close()
      const { reply } = await request(at.chat, { body: chat })
      expect(reply.statusCode).toBe(502)
      const { error } = JSON.parse(await text(reply))
      expect(error.code).toBe('upstream_unreachable')
      expect(error.message).not.toContain('127.0.0.1')
    })
  })
