import http, { type ClientRequest, type IncomingMessage, type ServerResponse } from 'node:http'
import https from 'node:https'
import { pipeline, type Readable, type Transform } from 'node:stream'
import zlib from 'node:zlib'
import type { HttpBindings } from '@hono/node-server'
import { cancelled, UpstreamFailed } from '#core'
import { tooLate, unreachable } from '../upstream/first-byte.ts'
import { type Patience, watched } from '../upstream/patience.ts'
import { garbled } from '../upstream/refusal.ts'
import { instead, isRefused } from '../upstream/refused.ts'
import type { Pair, Relayed, Reply, Transport } from '../upstream/transport.ts'
import { agentFor } from './agent.ts'
import { begins, isNone } from './begins.ts'
import { Ending, isAnswered } from './ending.ts'
import { handOver } from './hand-over.ts'
import { flat, headersOf, pairsOf } from './pairs.ts'

export type NodeOptions = Patience & { readonly baseUrl: string }

export type NodeTransport = Transport & {
  /** Closes its idle connections, and from now on each other one when it is idle. */
  retire(): void
}

/**
 * The transport for Node: `node:http` with connections kept alive, which carries about three times the requests of
 * `fetch` there. A relayed reply is piped from socket to socket; the Response it resolves to stands for what was sent.
 */
export function nodeTransport({ baseUrl, connectMs = 10_000, ...patience }: NodeOptions): NodeTransport {
  const { timeoutMs } = patience
  const { protocol, host, hostname, port, pathname } = new URL(baseUrl)
  const client = protocol === 'https:' ? https : http
  const agent = agentFor(protocol, connectMs)
  const target = { agent, protocol, hostname: hostname.replace(/^\[|\]$/g, ''), port }

  return {
    async send({ method, path, headers, body, signal }) {
      signal.throwIfAborted()
      let leave: Leave = () => {}
      const gone = () => leave(signal.reason)
      // A signal that is made of others, and is listened to, is kept for ever by Node: so is all that the listener knows.
      const forget = () => signal.removeEventListener('abort', gone)
      signal.addEventListener('abort', gone, { once: true })
      const bytes = body === undefined ? undefined : Buffer.from(body)
      const reply = await ask(method, path, [...headers, ['accept-encoding', 'identity']], bytes, (how) => {
        leave = how
      }).catch((error: unknown) => {
        forget()
        throw error
      })
      reply.on('close', forget)
      leaveWhenLate(reply, () => reply.socket.bytesRead)
      return replyOf(reply)
    },

    async relay(relayed) {
      const { request, path, body, headers, env, added, begun, declines, passing } = relayed
      const { method } = request
      const { incoming, outgoing } = env as HttpBindings
      let leave: Leave = () => {}
      outgoing.on('close', () => outgoing.writableFinished || leave(cancelled('The client left.')))
      const reply = await ask(method, path, headers(pairsOf(incoming)), body ?? incoming, (how) => {
        leave = how
      })
      if (declines?.(reply.statusCode!)) {
        reply.on('error', () => {}).resume()
        return undefined
      }
      // A client that reads slowly is no silence of the upstream's.
      leaveWhenLate(reply, () => (outgoing.writableNeedDrain ? Number.NaN : reply.socket.bytesRead))
      const { statusCode, headers: theirs } = reply
      if (isRefused(statusCode!)) return instead(relayed, replyOf(reply))
      const type = theirs['content-type'] ?? ''
      const streams = type.startsWith('text/event-stream')
      if (!streams) await begins(reply)
      const answers = method === 'POST' && isAnswered(path)
      if (answers && isNone(reply, type)) throw garbled('no answer')
      handOver(reply, outgoing as ServerResponse, {
        added: added(theirs['x-request-id'] as string | undefined),
        begun,
        seen: passing?.(statusCode!, type),
        ending: answers && streams && !theirs['content-encoding'] ? new Ending(path) : undefined,
      })
      return new Response(null)
    },

    retire() {
      agent.maxFreeSockets = 0
      for (const sockets of Object.values(agent.freeSockets)) for (const socket of sockets ?? []) socket.destroy()
    },
  }

  function leaveWhenLate(reply: IncomingMessage, came: () => number): void {
    reply.on(
      'close',
      watched(patience, came, (error) => reply.destroy(error)),
    )
  }

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

/** Tells when a reply that was handed over has come to its end, for the client at least. */
export function whenRelayed({ env }: Relayed, ended: () => void): void {
  const { outgoing } = env as HttpBindings
  if (outgoing.destroyed || outgoing.writableFinished) ended()
  else outgoing.once('close', ended)
}

function failed(error: unknown, again: boolean): UpstreamFailed {
  const failure = error instanceof UpstreamFailed ? error : unreachable(error)
  if (again) failure.attempts = 2
  return failure
}

type Leave = (reason: unknown) => void

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

const unpackers: Readonly<Record<string, () => Transform>> = {
  gzip: zlib.createGunzip,
  deflate: zlib.createInflate,
  br: zlib.createBrotliDecompress,
}

const replyOf = (reply: IncomingMessage): Reply => ({
  status: reply.statusCode!,
  headers: headersOf(reply),
  body: unpacked(reply),
})

/** Some proxies pack what nobody asked them to. */
function unpacked(reply: IncomingMessage): Readable {
  const unpack = unpackers[reply.headers['content-encoding'] ?? '']
  return unpack ? pipeline(reply, unpack(), () => {}) : reply
}
