import http, { type Agent, type ClientRequest, type IncomingMessage } from 'node:http'
import https from 'node:https'
import { UpstreamFailed } from '#core'
import { tooLate, unreachable } from '../upstream/first-byte.ts'
import { garbled } from '../upstream/refusal.ts'
import type { Pair } from '../upstream/transport.ts'
import { flat } from './pairs.ts'

/** Ends what was asked, for a reason that its promise rejects with. */
export type Leave = (reason: unknown) => void

/** One request after another to what is below an address. */
export function asking(agent: Agent, baseUrl: string, timeoutMs: number) {
  const { protocol, host, hostname, port, pathname } = new URL(baseUrl)
  const client = protocol === 'https:' ? https : http
  const target = {
    agent,
    protocol,
    hostname: hostname.replace(/^\[|\]$/g, ''),
    port,
    // Else Node finds one out for each request, though nobody is told without TLS.
    ...(protocol === 'https:' ? {} : { servername: '' }),
  }

  return ask

  /** Resolves when the reply begins. `started` is told how to leave, twice if a stale connection was met. */
  function ask(
    method: string,
    path: string,
    headers: readonly Pair[],
    body: Uint8Array | IncomingMessage | undefined,
    started: (leave: Leave) => void,
    again = false,
  ): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const all = flat([['host', host]], headers, framing(body))
      const request = client.request({ ...target, method, path: pathname + path, headers: all })
      const timer = setTimeout(() => abandon(request, tooLate(timeoutMs)), timeoutMs)
      let reply: IncomingMessage | undefined
      let left = false
      request.on('response', (begun) => {
        clearTimeout(timer)
        reply = begun
        resolve(begun)
      })
      // Without somebody who hears it, that would be no reply and no error.
      request.on('upgrade', ({ statusCode }, socket) => {
        clearTimeout(timer)
        socket.destroy()
        reject(garbled(`status ${statusCode}`))
      })
      request.on('error', (error: NodeJS.ErrnoException) => {
        clearTimeout(timer)
        // Who reads the reply is told by the reply.
        if (reply || left) return
        if (!again && wasStale(request, error) && !isStream(body))
          ask(method, path, headers, body, started, true).then(resolve, reject)
        else reject(failed(error, again))
      })
      started((reason) => {
        left = true
        // Once the whole reply is here its connection has no listener left, and an error on it would end the process.
        if (reply) reply.destroy()
        else abandon(request)
        reject(reason)
      })
      if (isStream(body)) body.pipe(request)
      else request.end(body)
    })
  }
}

function failed(error: unknown, again: boolean): UpstreamFailed {
  const failure = error instanceof UpstreamFailed ? error : unreachable(error)
  if (again) failure.attempts = 2
  return failure
}

/** Deno would send once more what had a connection from before, and has no reply when that is closed, even by ourselves. */
function abandon(request: ClientRequest, error?: Error): void {
  request.reusedSocket = false
  request.destroy(error)
}

/** The upstream closed an idle connection just as it was used again; nothing was read, so nothing was done. */
const wasStale = ({ reusedSocket }: ClientRequest, { code }: NodeJS.ErrnoException) =>
  reusedSocket && (code === 'ECONNRESET' || code === 'EPIPE')

const isStream = (body: Uint8Array | IncomingMessage | undefined): body is IncomingMessage =>
  body !== undefined && !(body instanceof Uint8Array)

/** A body in one piece has a length; one that is passed on keeps the length it came with, or comes in chunks. */
function framing(body: Uint8Array | IncomingMessage | undefined): Pair[] {
  const length = isStream(body) ? body.headers['content-length'] : body?.byteLength
  if (length !== undefined) return [['content-length', String(length)]]
  return isStream(body) && body.headers['transfer-encoding'] ? [['transfer-encoding', 'chunked']] : []
}
