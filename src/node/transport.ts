import http, { type ClientRequest, type IncomingMessage, type ServerResponse } from 'node:http'
import https from 'node:https'
import type { HttpBindings } from '@hono/node-server'
import { cancelled, UpstreamFailed } from '#core'
import { tooLate, unreachable } from '../upstream/first-byte.ts'
import type { Pair } from '../upstream/headers.ts'
import { isHopByHop, type Transport } from '../upstream/transport.ts'

/**
 * The transport for Node: `node:http` with connections kept alive, which carries about three times the requests of
 * `fetch` there. A relayed reply is piped from socket to socket; the Response it resolves to stands for what was sent.
 */
export function nodeTransport({ baseUrl, timeoutMs }: { baseUrl: string; timeoutMs: number }): Transport {
  const { protocol, host, hostname, port, pathname } = new URL(baseUrl)
  const client = protocol === 'https:' ? https : http
  const agent = new client.Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY, scheduling: 'lifo' })
  const target = { agent, protocol, hostname: hostname.replace(/^\[|\]$/g, ''), port }

  return {
    async send({ method, path, headers, body, signal }) {
      signal.throwIfAborted()
      let leave = () => {}
      signal.addEventListener('abort', () => leave(), { once: true })
      const bytes = body === undefined ? undefined : Buffer.from(body)
      const reply = await ask(method, path, [...headers, ['accept-encoding', 'identity']], bytes, (request) => {
        leave = () => request.destroy(signal.reason)
      })
      return { status: reply.statusCode!, headers: new Headers(pairsOf(reply) as [string, string][]), body: reply }
    },

    async relay({ request: { method }, path, body, headers, env, added }) {
      const { incoming, outgoing } = env as HttpBindings
      let leave = () => {}
      outgoing.once('close', () => outgoing.writableFinished || leave())
      const reply = await ask(method, path, headers(pairsOf(incoming)), body ?? incoming, (request) => {
        leave = () => request.destroy(cancelled('The client left.'))
      })
      handOver(reply, outgoing as ServerResponse, added)
      return new Response(null)
    },
  }

  /** Resolves when the reply begins. `started` is given the request, twice if a stale connection was met. */
  function ask(
    method: string,
    path: string,
    headers: readonly Pair[],
    body: Uint8Array | IncomingMessage | undefined,
    started: (request: ClientRequest) => void,
    again = false,
  ): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const all = flat([['host', host]], headers, lengthOf(body))
      const request = client.request({ ...target, method, path: pathname + path, headers: all })
      const timer = setTimeout(() => request.destroy(tooLate(timeoutMs)), timeoutMs)
      request.once('response', (reply) => {
        clearTimeout(timer)
        resolve(reply)
      })
      request.once('error', (error: NodeJS.ErrnoException) => {
        clearTimeout(timer)
        if (!again && wasStale(request, error) && !isStream(body))
          ask(method, path, headers, body, started, true).then(resolve, reject)
        else reject(isOurs(error) ? error : unreachable(error))
      })
      started(request)
      if (isStream(body)) body.pipe(request)
      else request.end(body)
    })
  }
}

/** The upstream closed an idle connection just as it was used again; nothing was read, so nothing was done. */
const wasStale = ({ reusedSocket }: ClientRequest, { code }: NodeJS.ErrnoException) =>
  reusedSocket && code === 'ECONNRESET'

/** What the request was ended with on purpose: a time-out, or the reason to leave. */
const isOurs = (error: Error) => error instanceof UpstreamFailed || error.name === 'AbortError'

const isStream = (body: Uint8Array | IncomingMessage | undefined): body is IncomingMessage =>
  body !== undefined && !(body instanceof Uint8Array)

/** A body in one piece has a length; one that is passed on keeps the length it came with, or comes in chunks. */
function lengthOf(body: Uint8Array | IncomingMessage | undefined): Pair[] {
  const length = isStream(body) ? body.headers['content-length'] : body?.byteLength
  return length === undefined ? [] : [['content-length', String(length)]]
}

/** Status, headers and bytes as they come. A reply that breaks off breaks off for the client too. */
function handOver(reply: IncomingMessage, outgoing: ServerResponse, added: Readonly<Record<string, string>>): void {
  if (outgoing.destroyed) return void reply.destroy()
  const kept: Pair[] = []
  let streams = false
  for (const pair of pairsOf(reply)) {
    const name = pair[0].toLowerCase()
    if (!isHopByHop(name) && !Object.hasOwn(added, name)) kept.push(pair)
    if (name === 'content-type') streams = pair[1].startsWith('text/event-stream')
  }
  outgoing.writeHead(reply.statusCode!, reply.statusMessage, flat(kept, Object.entries(added)))
  if (streams) outgoing.flushHeaders()
  reply.once('error', () => outgoing.destroy())
  reply.pipe(outgoing)
}

/** Headers as `node:http` takes them: names and values in turn. */
function flat(...lists: readonly (readonly Pair[])[]): string[] {
  const all: string[] = []
  for (const list of lists) for (const pair of list) all.push(pair[0], pair[1])
  return all
}

function pairsOf({ rawHeaders }: IncomingMessage): Pair[] {
  const pairs: Pair[] = []
  for (let i = 0; i < rawHeaders.length; i += 2) pairs.push([rawHeaders[i]!, rawHeaders[i + 1]!])
  return pairs
}
