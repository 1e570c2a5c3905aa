import { reached, withinFirstByte } from './first-byte.ts'
import { type Patience, watched } from './patience.ts'
import { garbled } from './refusal.ts'
import { instead, isRefused } from './refused.ts'
import { seen } from './seen.ts'
import { hopByHop, namedBy, type Pair, type Reply, type Transport, type Via } from './transport.ts'

/** `via` is another way over the network than its own, for one that goes there. */
type Fetch = (url: string, init: RequestInit, via?: Via) => Promise<Response>

export type FetchOptions = Patience & {
  readonly baseUrl: string
  /**
   * Whether relays are left to the platform, as on Workers, where each of these costs: it has limits of time of its own (a
   * timer takes a seventh of the requests that can be relayed, reading what comes more than that), ends a call with its
   * client, and writes no header that is about one connection but those in `unknown`.
   */
  readonly leftToPlatform?: boolean
}

/** The transport of every runtime that has `fetch`, and of anything that looks like it. */
export function fetchTransport(
  fetch: Fetch,
  { baseUrl, leftToPlatform = false, ...patience }: FetchOptions,
): Transport {
  const { timeoutMs } = patience
  const ask = (path: string, init: RequestInit, pairs: Iterable<Pair>, via?: Via) => {
    // A record, because workerd takes several times as long to read a Headers object or a list of pairs.
    const headers: Record<string, string> = {}
    for (const [name, value] of pairs) headers[name] = value
    // `fetch` unpacks what it can, so what it could unpack is not asked for: the bytes stay as the upstream sent them.
    headers['accept-encoding'] = 'identity'
    return fetch(baseUrl + path, { ...init, headers, redirect: 'manual' }, via)
  }
  return {
    async send({ path, via, headers: sent, ...call }): Promise<Reply> {
      const { status, headers, body } = await withinFirstByte(timeoutMs, call.signal, (signal) =>
        ask(path, { ...call, signal }, sent, via),
      )
      return { status, headers, body: body ? chunks(body, patience) : none() }
    },
    async relay(relayed) {
      const { request, path, body: own, headers: rewritten, declines, added, begun, passing } = relayed
      const sent = own ? { body: own } : { body: request.body, duplex: 'half' as const }
      const relay = (signal?: AbortSignal) =>
        ask(path, { ...sent, method: request.method, ...(signal && { signal }) }, rewritten(request.headers))
      // Only who wants to know how it ended must see that it was left.
      const reply = await (leftToPlatform
        ? reached(request, relay(begun || passing ? request.signal : undefined))
        : withinFirstByte(timeoutMs, request.signal, relay))
      if (declines?.(reply.status)) {
        reply.body?.cancel().catch(() => {})
        return undefined
      }
      if (isRefused(reply.status)) {
        const body = reply.body ? chunks(reply.body, patience) : none()
        return instead(relayed, { status: reply.status, headers: reply.headers, body })
      }
      const copy = copyOf(reply)
      const { headers } = copy
      const named = headers.get('connection')
      if (named) for (const name of namedBy(named)) headers.delete(name)
      for (const name of leftToPlatform ? unknown : hopByHop) headers.delete(name)
      const ours = added(headers.get('x-request-id') ?? undefined)
      for (const name in ours) headers.set(name, ours[name]!)
      begun?.(headers.get('content-type')?.startsWith('text/event-stream') ?? false)
      if (!passing)
        return leftToPlatform || !copy.body
          ? copy
          : new Response(ReadableStream.from(chunks(copy.body, patience)), copy)
      return seen(copy, passing(copy.status, headers.get('content-type') ?? ''))
    },
  }
}

async function* chunks(body: ReadableStream<Uint8Array>, patience: Patience): AsyncGenerator<Uint8Array> {
  const reader = body.getReader()
  let count = 0
  // Who reads slowly is no silence of the upstream's.
  let asking = true
  let late: Error | undefined
  const leave = watched(
    patience,
    () => (asking ? count : Number.NaN),
    (error) => {
      late = error
      reader.cancel(error).catch(() => {})
    },
  )
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (late) throw late
      if (done) return
      count++
      asking = false
      yield value
      asking = true
    }
  } finally {
    leave()
    reader.cancel().catch(() => {})
  }
}

/** A reply whose headers may be changed. Some have a status that no reply may have. */
function copyOf(reply: Response): Response {
  try {
    return new Response(reply.body, reply)
  } catch (error) {
    reply.body?.cancel().catch(() => {})
    throw garbled(error)
  }
}

/** Headers of one connection that workerd does not know as such, and that come with a reply. */
const unknown = ['proxy-authenticate', 'proxy-connection']

async function* none(): AsyncGenerator<Uint8Array> {}
