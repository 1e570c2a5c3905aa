import http, { type IncomingMessage, type ServerResponse } from 'node:http'
import https from 'node:https'
import { Readable } from 'node:stream'
import type { HttpBindings } from '@hono/node-server'
import { UpstreamFailed } from '#core'
import { tooLate, unreachable } from '../upstream/first-byte.ts'
import { type Call, isHopByHop, type Transport } from '../upstream/transport.ts'

/**
 * The transport for Node: `node:http` with connections kept alive, which carries about three times the requests of
 * `fetch` there. A relayed reply is piped from socket to socket; the Response it resolves to stands for what was sent.
 */
export function nodeTransport({ baseUrl, timeoutMs }: { baseUrl: string; timeoutMs: number }): Transport {
  const { protocol, hostname, port, pathname } = new URL(baseUrl)
  const client = protocol === 'https:' ? https : http
  const agent = new client.Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY, scheduling: 'lifo' })
  const target = { agent, protocol, hostname: hostname.replace(/^\[|\]$/g, ''), port }

  return {
    async send(call) {
      const headers = { ...Object.fromEntries(call.headers), 'accept-encoding': 'identity' }
      const reply = await ask(call, headers)
      return { status: reply.statusCode!, headers: new Headers(pairs(reply.rawHeaders)), body: reply }
    },

    async relay(call, { env, added }) {
      const { outgoing } = env as HttpBindings
      const reply = await ask(call, Object.fromEntries(call.headers))
      handOver(reply, outgoing as ServerResponse, added)
      return new Response(null)
    },
  }

  function ask(call: Call, headers: Record<string, string>, again = false): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const { method, path, body, signal } = call
      const request = client.request({ ...target, method, path: pathname + path, headers, signal })
      const timer = setTimeout(() => request.destroy(tooLate(timeoutMs)), timeoutMs)
      request.once('response', (reply) => {
        clearTimeout(timer)
        resolve(reply)
      })
      request.once('error', (error: NodeJS.ErrnoException) => {
        clearTimeout(timer)
        if (signal.aborted) reject(signal.reason)
        else if (!again && wasStale(request, error, body)) ask(call, headers, true).then(resolve, reject)
        else reject(error instanceof UpstreamFailed ? error : unreachable(error))
      })
      if (body instanceof ReadableStream) Readable.fromWeb(body as never).pipe(request)
      else request.end(body ?? undefined)
    })
  }
}

/** The upstream closed an idle connection just as it was used again; nothing was read, so nothing was done. */
const wasStale = (request: http.ClientRequest, { code }: NodeJS.ErrnoException, body: Call['body']) =>
  request.reusedSocket && code === 'ECONNRESET' && !(body instanceof ReadableStream)

/** Status, headers and bytes as they come. A reply that breaks off breaks off for the client too. */
function handOver(reply: IncomingMessage, outgoing: ServerResponse, added: Readonly<Record<string, string>>): void {
  if (outgoing.destroyed) return void reply.destroy()
  const kept = pairs(reply.rawHeaders).filter(
    ([name]) => !isHopByHop(name) && !Object.hasOwn(added, name.toLowerCase()),
  )
  outgoing.writeHead(reply.statusCode!, reply.statusMessage, [...kept, ...Object.entries(added)].flat())
  if (reply.headers['content-type']?.startsWith('text/event-stream')) outgoing.flushHeaders()
  reply.once('error', () => outgoing.destroy())
  outgoing.once('close', () => reply.destroy())
  reply.pipe(outgoing)
}

const pairs = (raw: readonly string[]) =>
  Array.from({ length: raw.length / 2 }, (_, i): [string, string] => [raw[2 * i]!, raw[2 * i + 1]!])
