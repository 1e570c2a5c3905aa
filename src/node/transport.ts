import http, { type IncomingMessage, type ServerResponse } from 'node:http'
import https from 'node:https'
import { Readable } from 'node:stream'
import { type HttpBindings, RESPONSE_ALREADY_SENT } from '@hono/node-server'
import { withinFirstByte } from '../upstream/first-byte.ts'
import { type Call, isHopByHop, type Transport } from '../upstream/transport.ts'

/**
 * The transport for Node: `node:http` with connections kept alive, which carries about three times the requests of
 * `fetch` there. A relayed reply is piped from socket to socket.
 */
export function nodeTransport({ baseUrl, timeoutMs }: { baseUrl: string; timeoutMs: number }): Transport {
  const base = new URL(baseUrl)
  const client = base.protocol === 'https:' ? https : http
  const agent = new client.Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY, scheduling: 'lifo' })

  return {
    async send(call) {
      const reply = await ask(call, { ...Object.fromEntries(call.headers), 'accept-encoding': 'identity' })
      return { status: reply.statusCode!, headers: webHeaders(reply), body: reply }
    },

    async relay(call, env) {
      const { outgoing } = env as HttpBindings
      const reply = await ask(call, Object.fromEntries(call.headers))
      handOver(reply, outgoing as ServerResponse)
      return RESPONSE_ALREADY_SENT
    },
  }

  function ask({ method, path, body, signal }: Call, headers: Record<string, string>): Promise<IncomingMessage> {
    return withinFirstByte(timeoutMs, signal, (signal) => once(false, signal))

    function once(again: boolean, signal: AbortSignal): Promise<IncomingMessage> {
      return new Promise((resolve, reject) => {
        const request = client.request({
          agent,
          method,
          protocol: base.protocol,
          hostname: base.hostname.replace(/^\[|\]$/g, ''),
          port: base.port,
          path: base.pathname + path,
          headers,
          signal,
        })
        request.once('response', resolve)
        request.once('error', (error: NodeJS.ErrnoException) => {
          // The upstream closed an idle connection just as it was used again; nothing was read, so nothing was done.
          const stale =
            request.reusedSocket && error.code === 'ECONNRESET' && !again && !(body instanceof ReadableStream)
          if (stale) once(true, signal).then(resolve, reject)
          else reject(error)
        })
        if (body instanceof ReadableStream) Readable.fromWeb(body as never).pipe(request)
        else request.end(body ?? undefined)
      })
    }
  }
}
