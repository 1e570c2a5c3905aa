import { getEventListeners, once } from 'node:events'
import http, { type IncomingMessage } from 'node:http'
import { createServer } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { setImmediate } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { readConfig } from '../../src/config/index.ts'
import { startNode } from '../../src/node.ts'
import { gate, startUpstream } from '../helpers/upstream.ts'
import { caller, drawOne, leafOf, overNode } from './leaf.ts'

const post = (signal: AbortSignal) => ({
  method: 'POST',
  path: '/chat/completions',
  headers: new Headers(),
  body: '{}',
  signal,
})
const never = new AbortController().signal

test('connections are used again', async () => {
  const ports = new Set<unknown>()
  const server = http.createServer((request, response) => {
    ports.add(request.socket.remotePort)
    response.end('{}')
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const transport = overNode(`http://127.0.0.1:${(server.address() as { port: number }).port}/v1`)
  for (let time = 0; time < 10; time++) await buffer((await transport.send(post(never))).body)
  // One rests for a turn after its reply, in which another may be asked for.
  expect(ports.size).toBeLessThan(3)
  server.close()
})

test.each(['resetAndDestroy', 'end'] as const)(
  'a kept connection that the upstream gave up (by %s) is replaced, which is no retry',
  async (givesUp) => {
    const reply = '{"choices":[{"index":0,"message":{"content":"ok"},"finish_reason":"stop"}]}'
    let connections = 0
    const server = createServer((socket) => {
      connections += 1
      socket.on('error', () => {})
      let requests = 0
      socket.on('data', (data) => {
        if (!data.includes('POST ')) return
        if (requests++ > 0) socket[givesUp]()
        else socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${reply.length}\r\n\r\n${reply}`)
      })
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as { port: number }
    const model = leafOf(overNode(`http://127.0.0.1:${port}/v1`), { retries: 0 }).model('m', caller())
    for (const _ of [1, 2]) expect(await drawOne(model)).toMatchObject({ text: 'ok' })
    expect(connections).toBe(2)
    server.close()
  },
)

test('a kept connection on which requests are reset is not reset more often than a new one', async () => {
  let requests = 0
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.on('data', (data) => {
      if (!data.includes('POST ')) return
      if (requests++ > 0) return void socket.resetAndDestroy()
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}')
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const transport = overNode(`http://127.0.0.1:${(server.address() as { port: number }).port}/v1`)
  await buffer((await transport.send(post(never))).body)
  await expect(drawOne(leafOf(transport, { retries: 2 }).model('m', caller()))).rejects.toMatchObject({ status: 502 })
  expect(requests).toBe(1 + 3)
  server.close()
})

test('who leaves when the whole reply is here, though not yet read, does no harm', async () => {
  await using upstream = await startUpstream(() => ({ raw: { chunks: ['a', 'b'] } }))
  const leaving = new AbortController()
  const { body } = await overNode(upstream.url).send(post(leaving.signal))
  await upstream.until(({ inFlight }) => inFlight === 0)
  await setImmediate()
  const read = (async () => {
    for await (const _ of body) leaving.abort(new Error('gone'))
  })()
  // An error that nobody listens to would fail the run.
  await Promise.allSettled([read])
  await setImmediate()
})

test.each([false, true])('who leaves (before the reply: %s) is told their own reason', async (before) => {
  const hold = gate()
  await using upstream = await startUpstream(() => ({
    raw: { chunks: ['a', 'b'] },
    ...(before ? { hold } : { holdAfter: { chunks: 1, gate: hold } }),
  }))
  const leaving = new AbortController()
  const sent = overNode(upstream.url).send(post(leaving.signal))
  const outcome = before ? sent : sent.then(({ body }) => buffer(body))
  outcome.catch(() => {})
  if (!before) await sent
  await upstream.until(({ inFlight }) => inFlight === 1)
  leaving.abort(new Error('gone'))
  await expect(outcome).rejects.toThrow(before ? 'gone' : /./)
  await upstream.until(({ inFlight, left }) => inFlight === 0 && left === 1)
})

test('nothing listens to a signal any more once the reply has ended, or never came', async () => {
  const hold = gate()
  await using upstream = await startUpstream(() => ({
    raw: { chunks: ['a', 'b'] },
    holdAfter: { chunks: 1, gate: hold },
  }))
  const { signal } = new AbortController()
  const { body } = await overNode(upstream.url).send(post(signal))
  expect(getEventListeners(signal, 'abort')).toHaveLength(1)
  hold.open()
  await buffer(body)
  await setImmediate()
  expect(getEventListeners(signal, 'abort')).toHaveLength(0)
  const { url } = upstream
  await upstream.close()
  await expect(overNode(url).send(post(signal))).rejects.toMatchObject({ code: 'upstream_unreachable' })
  expect(getEventListeners(signal, 'abort')).toHaveLength(0)
})

test.each([
  ['a status that is none', 'HTTP/1.1 099 Odd\r\ncontent-length: 2\r\n\r\n{}'],
  ['a status beyond all', 'HTTP/1.1 999 Odd\r\ncontent-length: 2\r\n\r\n{}'],
  [
    'that it speaks another protocol now',
    'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n',
  ],
  ['no HTTP', 'SSH-2.0-OpenSSH_9.6\r\n\r\n'],
  ['no more than its head', 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n'],
  ['nothing, and that this is all', 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncontent-length: 0\r\n\r\n'],
  ['a page', 'HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 16\r\n\r\n\n<html>10.0.0.7</'],
  ['headers without end', `HTTP/1.1 200 OK\r\nx: ${'x'.repeat(100_000)}\r\n\r\n{}`],
])('an upstream that says %s is a 502, relayed or sampled', async (_, said) => {
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.once('data', () => socket.end(said))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  const environment = { PORT: '0', UPSTREAM_BASE_URL: `http://127.0.0.1:${port}`, UPSTREAM_RETRIES: '0' }
  const mull = await startNode(readConfig(environment))
  for (const model of ['m', 'm+none']) {
    const body = JSON.stringify({ model, messages: [{ role: 'user', content: 'hi' }] })
    const response = await fetch(`${mull.url}/v1/chat/completions`, { method: 'POST', body })
    expect(response.status).toBe(502)
    expect(await response.json()).toMatchObject({
      error: { type: 'server_error', code: expect.stringContaining('upstream_') },
    })
  }
  await mull.close(0)
  server.close()
})

const data = (fields: object) => `data: ${JSON.stringify(fields)}\n\n`
const finish = data({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] })
const half = data({ choices: [{ index: 0, delta: { content: 'half' }, finish_reason: null }] })
const completed = `event: response.completed\ndata: {"type":"response.completed","text":"${'x'.repeat(200_000)}"}\n\n`

test.each([
  ['/chat/completions', [half], false],
  ['/chat/completions', [half, finish.slice(0, 40)], false],
  ['/chat/completions', [half, 'data: [DONE]\n\n'], true],
  ['/chat/completions', [half, finish, data({ choices: [], usage: {} }), ': bye\n\n'], true],
  ['/chat/completions', [half, data({ error: { message: 'over' } })], true],
  ['/completions', [half], false],
  ['/messages', [half], false],
  ['/messages', ['event: message_stop\ndata: {"type":"message_stop"}\n\n'], true],
  ['/responses', ['event: response.created\ndata: {"type":"response.created"}\n\n'], false],
  ['/responses', [half, completed.slice(0, 15), completed.slice(15, 90_000), completed.slice(90_000)], true],
  ['/elsewhere', [half], true],
] as const)('a stream at %s of %j ends for the client as it did: whole %s', async (path, chunks, isWhole) => {
  const headers = { 'content-type': 'text/event-stream' }
  const raw = { headers, chunks: [...chunks] }
  await using upstream = await startUpstream(() => ({ raw }))
  if (path !== '/chat/completions') upstream.routes = { [`POST /v1${path}`]: raw }
  const mull = await startNode(readConfig({ PORT: '0', UPSTREAM_BASE_URL: upstream.url }))
  const request = http.request(`${mull.url}/v1${path}`, { method: 'POST', agent: false }).end('{"model":"m"}')
  const [reply] = (await once(request, 'response')) as [IncomingMessage]
  let said = ''
  const read = (async () => {
    for await (const bytes of reply) said += bytes
  })()
  await (isWhole ? read : expect(read).rejects.toThrow('aborted'))
  expect(said).toBe(chunks.join(''))
  await mull.close(0)
})

test('who has left before the reply begins is no reason to go on with it', async () => {
  const headers = { 'content-type': 'text/event-stream' }
  await using upstream = await startUpstream(() => ({
    raw: { headers, chunks: ['a', 'b'] },
    holdAfter: { chunks: 1, gate: gate() },
  }))
  const transport = overNode(upstream.url)
  const server = http.createServer((incoming, outgoing) => {
    outgoing.once('close', () =>
      transport.relay({
        request: { method: 'POST', body: null, headers: new Headers(), signal: never },
        path: '/chat/completions',
        body: Buffer.from('{}'),
        key: undefined,
        headers: (client) => [...client].filter(([name]) => name === 'content-type'),
        env: { incoming, outgoing },
        added: () => ({}),
      }),
    )
    outgoing.destroy()
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as { port: number }
  http
    .request({ port, method: 'POST' })
    .on('error', () => {})
    .end()
  await upstream.until(({ inFlight, left }) => inFlight === 0 && left === 1)
  server.close()
})

test('who has left before asking does not ask', async () => {
  await using upstream = await startUpstream()
  await expect(overNode(upstream.url).send(post(AbortSignal.abort(new Error('gone'))))).rejects.toThrow('gone')
  expect(upstream.asked).toHaveLength(0)
})

test('an upstream on IPv6, with a path of its own, is asked there', async () => {
  const server = createServer((socket) => {
    socket.once('data', (data) => {
      const [line] = data.toString().split('\r\n')
      socket.end(`HTTP/1.1 200 OK\r\ncontent-length: ${line!.length}\r\n\r\n${line}`)
    })
  }).listen(0, '::1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  const { body } = await overNode(`http://[::1]:${port}/api/v1`).send(post(never))
  expect(String(await buffer(body))).toBe('POST /api/v1/chat/completions HTTP/1.1')
  server.close()
})

test('a body that the upstream refuses before it is all there is refused to the client', async () => {
  const server = http.createServer((_, response) => {
    response.writeHead(413, { 'content-type': 'application/json', connection: 'close' }).end('{"error":{}}')
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as { port: number }
  const mull = await startNode(readConfig({ PORT: '0', UPSTREAM_BASE_URL: `http://127.0.0.1:${port}/v1` }))
  const upload = http.request(`${mull.url}/v1/files`, { method: 'POST', headers: { 'transfer-encoding': 'chunked' } })
  upload.on('error', () => {})
  upload.write('x'.repeat(100_000))
  const [reply] = (await once(upload, 'response')) as [IncomingMessage]
  expect(reply.statusCode).toBe(413)
  upload.destroy()
  await mull.close(0)
  server.close()
})

test('what an upstream says before its reply is not the reply', async () => {
  const server = http.createServer((_, response) => {
    response.writeEarlyHints({ link: '</x>; rel=preload' })
    response.writeProcessing()
    response.end('{}')
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as { port: number }
  const { status, body } = await overNode(`http://127.0.0.1:${port}/v1`).send(post(never))
  expect([status, String(await buffer(body))]).toEqual([200, '{}'])
  server.close()
})
