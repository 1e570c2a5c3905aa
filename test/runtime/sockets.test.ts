import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, expect, test, vi } from 'vitest'
import { readConfig } from '../../src/config/index.ts'
import { failureOf } from '../../src/http/failure.ts'
import { startNode } from '../../src/node.ts'
import { gate, startUpstream } from '../helpers/upstream.ts'

/** What only sockets show of a server on Node. */
async function serving(
  script: Parameters<typeof startUpstream>[0] = () => ({ text: 'ok' }),
  environment: Record<string, string> = {},
) {
  const upstream = await startUpstream(script)
  const mull = await startNode(readConfig({ PORT: '0', UPSTREAM_BASE_URL: upstream.url, ...environment }))
  const open = async (): Promise<Socket> => {
    const socket = connect(Number(new URL(mull.url).port), '127.0.0.1')
    await once(socket, 'connect')
    return socket
  }
  return {
    upstream,
    mull,
    open,
    [Symbol.asyncDispose]: async () => {
      await mull.close(0)
      await upstream.close()
    },
  }
}

test.each([
  ['is no HTTP', 'HELLO\r\n\r\n', 400],
  ['has headers without end', `GET /v1/models HTTP/1.1\r\nhost: m\r\nx: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
  ['has two lengths', 'POST /v1/x HTTP/1.1\r\nhost: m\r\ncontent-length: 4\r\ncontent-length: 5\r\n\r\nabcde', 400],
  [
    'may end in two places',
    'POST /v1/x HTTP/1.1\r\nhost: m\r\ncontent-length: 4\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
    400,
  ],
  ['names no host', 'GET /v1/models HTTP/1.1\r\nconnection: close\r\n\r\n', 400],
  ['names a host that is none', 'GET /v1/models HTTP/1.1\r\nhost: a/v1/b@c\r\nconnection: close\r\n\r\n', 400],
])('a request that %s is refused in OpenAI’s form', async (_, sent, status) => {
  await using at = await serving()
  const socket = await at.open()
  socket.write(sent)
  const [head, body] = (await text(socket)).split('\r\n\r\n')
  expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
  expect(JSON.parse(body!)).toMatchObject({ error: { type: 'invalid_request_error', code: 'invalid_request' } })
  expect(at.upstream.asked).toHaveLength(0)
})

test('who sends too much on a connection that is to be closed reads why it is refused', async () => {
  await using at = await serving(undefined, { MULL_MAX_BODY_MB: '0.5' })
  const body = `{"model":"m","messages":"${'x'.repeat(4 * 1024 * 1024)}"}`
  for (const length of [`content-length: ${body.length}`, 'transfer-encoding: chunked']) {
    const socket = await at.open()
    const head = `POST /v1/chat/completions HTTP/1.1\r\nhost: m\r\nconnection: close\r\n${length}\r\n\r\n`
    const isChunked = length.startsWith('transfer')
    socket.write(head + (isChunked ? `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n` : body))
    const said = await text(socket)
    expect(said).toMatch(/^HTTP\/1.1 413 /)
    expect(said).toContain('MULL_MAX_BODY_MB')
  }
})

test('a request that would be told again what was asked is not sent on', async () => {
  await using at = await serving()
  const socket = await at.open()
  socket.write('TRACE /v1/models HTTP/1.1\r\nhost: m\r\nconnection: close\r\n\r\n')
  expect(await text(socket)).toMatch(/^HTTP\/1.1 405 /)
  expect(at.upstream.asked).toHaveLength(0)
})

test('a request for another host is the upstream’s all the same', async () => {
  await using at = await serving()
  const socket = await at.open()
  socket.write('GET http://elsewhere.example/v1/files HTTP/1.1\r\nhost: elsewhere.example\r\nconnection: close\r\n\r\n')
  await text(socket)
  expect(at.upstream.asked.map(({ path, headers }) => [path, headers.host])).toEqual([
    ['/v1/files', new URL(at.upstream.url).host],
  ])
})

test('who stops does not wait for connections that have said nothing, or nothing more', async () => {
  await using at = await serving()
  const [silent, kept] = [await at.open(), await at.open()]
  kept.write('GET /health HTTP/1.1\r\nhost: m\r\n\r\n')
  await once(kept, 'data')
  const ended = Promise.all([silent, kept].map((socket) => once(socket.resume(), 'close')))
  await at.mull.close(10_000)
  await ended
})

test('a request that arrives as the server stops is answered', async () => {
  const held = gate()
  await using at = await serving(() => ({ text: 'done', hold: held }))
  const kept = await at.open()
  kept.write('GET /health HTTP/1.1\r\nhost: m\r\n\r\n')
  await once(kept, 'data')
  const body = '{"model":"m","messages":[]}'
  kept.write(`POST /v1/chat/completions HTTP/1.1\r\nhost: m\r\ncontent-length: ${body.length}\r\n\r\n${body}`)
  // Its bytes are on their way, and not read yet.
  const closed = at.mull.close(10_000)
  await at.upstream.until(({ inFlight }) => inFlight === 1)
  held.open()
  const answer = await text(kept)
  expect(answer).toContain('done')
  expect(answer.toLowerCase()).toContain('connection: close')
  await closed
})

test('those who have connected are answered, though nobody has taken them up yet', async () => {
  await using at = await serving()
  const sockets = Array.from({ length: 40 }, () => connect(Number(new URL(at.mull.url).port), '127.0.0.1'))
  for (const socket of sockets) socket.write('GET /health HTTP/1.1\r\nhost: m\r\n\r\n')
  const closed = at.mull.close(10_000)
  for (const answer of await Promise.all(sockets.map((socket) => text(socket))))
    expect(answer).toMatch(/^HTTP\/1.1 200/)
  await closed
})

afterEach(() => {
  vi.restoreAllMocks()
})

test('what nobody foresaw is logged with its place, in lines that a client cannot write', () => {
  const log = vi.spyOn(console, 'error').mockImplementation(() => {})
  const { status, body } = failureOf(new TypeError('sent:\n    at fake.ts\r\u001b[31mand red'))
  expect(status).toBe(500)
  expect(JSON.stringify(body)).not.toContain('sent')
  const [line] = log.mock.calls[0] as [string]
  const [first, second] = line.split('\n')
  expect(first).toBe('TypeError: sent:     at fake.ts  [31mand red')
  expect(second).toContain('sockets.test.ts')
})
