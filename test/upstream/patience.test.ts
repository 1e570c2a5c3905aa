import { once } from 'node:events'
import http, { type IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { readConfig } from '../../src/config/index.ts'
import { nodeTransport } from '../../src/node/transport.ts'
import { startNode } from '../../src/node.ts'
import { fetchTransport } from '../../src/upstream/fetch-transport.ts'
import type { Patience } from '../../src/upstream/patience.ts'
import { gate, startUpstream } from '../helpers/upstream.ts'
import { caller, chunk, drawOne, leafOf, sse } from './leaf.ts'

const patient = { timeoutMs: 10_000 }
const ways = [
  { name: 'undici', to: (baseUrl: string, patience: Patience) => nodeTransport({ baseUrl, ...patience }) },
  {
    name: 'fetch',
    to: (baseUrl: string, patience: Patience) =>
      fetchTransport((url, init) => fetch(url, init), { baseUrl, ...patience }),
  },
]
const pieces = sse(...[...'slow and steady'].map((content) => chunk({ content })), chunk({}, 'stop'), '[DONE]')
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

for (const { name, to } of ways) {
  test(`over ${name}, a reply that falls silent is a 504, is not asked for again, and lets go of the upstream`, async () => {
    await using upstream = await startUpstream(() => ({
      text: 'a long answer',
      holdAfter: { chunks: 2, gate: gate() },
    }))
    const model = leafOf(to(upstream.url, { ...patient, idleMs: 60 }), { retries: 2 }).model('m', caller())
    await expect(drawOne(model)).rejects.toMatchObject({
      code: 'upstream_timeout',
      status: 504,
      message: expect.stringContaining('UPSTREAM_IDLE_MS'),
    })
    await upstream.until(({ inFlight, left }) => inFlight === 0 && left === 1)
    expect(upstream.asked).toHaveLength(1)
  })

  test(`over ${name}, the first token has a time of its own after the headers`, async () => {
    const server = http.createServer((_, response) => response.flushHeaders())
    await once(server.listen(0, '127.0.0.1'), 'listening')
    const url = `http://127.0.0.1:${(server.address() as { port: number }).port}/v1`
    const model = leafOf(to(url, { ...patient, firstTokenMs: 60, idleMs: 10_000 })).model('m', caller())
    await expect(drawOne(model)).rejects.toMatchObject({
      code: 'upstream_timeout',
      message: expect.stringContaining('timeouts.firstToken'),
    })
    server.closeAllConnections()
    server.close()
  })

  test(`over ${name}, a reply that goes on may be slower than its pauses, but not than its whole`, async () => {
    // Each piece by itself, in about a third of the pause that is allowed.
    const server = http.createServer(async (_, response) => {
      for (const piece of pieces) {
        response.write(piece)
        await pause(30)
      }
      response.end()
    })
    await once(server.listen(0, '127.0.0.1'), 'listening')
    const url = `http://127.0.0.1:${(server.address() as { port: number }).port}/v1`
    const within = (patience: object) => leafOf(to(url, { ...patient, ...patience })).model('m', caller())
    expect(await drawOne(within({ idleMs: 300 }))).toMatchObject({ text: 'slow and steady' })
    await expect(drawOne(within({ idleMs: 300, totalMs: 150 }))).rejects.toMatchObject({
      code: 'upstream_timeout',
      message: expect.stringContaining('UPSTREAM_TOTAL_MS'),
    })
    server.closeAllConnections()
    server.close()
  })
}

const relaying = async (script: Parameters<typeof startUpstream>[0], environment: Record<string, string>) => {
  const upstream = await startUpstream(script)
  const server = await startNode(readConfig({ PORT: '0', UPSTREAM_BASE_URL: upstream.url, ...environment }))
  const request = http.request(`${server.url}/v1/chat/completions`, { method: 'POST', agent: false })
  request.end('{"model":"m","stream":true}')
  return {
    upstream,
    request,
    [Symbol.asyncDispose]: async () => {
      await upstream.close()
      await server.close(0)
    },
  }
}

test('a relayed reply that falls silent breaks off for the client', async () => {
  const silent = () => ({ text: 'a long answer', holdAfter: { chunks: 2, gate: gate() } })
  await using at = await relaying(silent, { UPSTREAM_IDLE_MS: '60' })
  const [reply] = (await once(at.request, 'response')) as [IncomingMessage]
  await expect(text(reply)).rejects.toThrow('aborted')
  await at.upstream.until(({ inFlight, left }) => inFlight === 0 && left === 1)
})

test('a client that reads slowly is no silence of the upstream', async () => {
  const much = 'x'.repeat(1024 * 1024)
  await using at = await relaying(
    () => ({ raw: { headers: { 'content-type': 'text/plain' }, chunks: Array(40).fill(much) } }),
    { UPSTREAM_IDLE_MS: '40' },
  )
  const [reply] = (await once(at.request, 'response')) as [IncomingMessage]
  await once(reply, 'readable')
  // Several times as long as the upstream may be silent.
  await pause(250)
  expect(await text(reply)).toHaveLength(40 * much.length)
})
