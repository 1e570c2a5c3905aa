import type { Usage } from '#core'
import type { Learned } from './capabilities.ts'
import { type Passing, PassingEvents, PassingWhole, type Seen } from './passing.ts'
import type { Pair, Relayed, Transport } from './transport.ts'

/** A relay whose price matters to somebody. */
export type Counted = {
  /** About how many tokens the request has, for an upstream that does not say. */
  readonly input: number
  /** Told what it came to, unless it fails before there is a reply, or is declined. */
  readonly book: (usage: Usage) => void
}

/**
 * Hands a request through and reads in passing what the upstream says that it took. A stream is asked to end with that,
 * which the client is not shown if it did not ask for it; an upstream that refuses to be asked is not asked again.
 */
export async function countedRelay(
  transport: Transport,
  relayed: Relayed,
  asked: Asked,
  { input, book }: Counted,
  learned: Learned,
): Promise<Response | undefined> {
  const seen: Seen = { usage: undefined, tokens: 0 }
  const booking = (status: number) => () =>
    book(status >= 400 ? { input: 0, output: 0 } : (seen.usage ?? { input, output: seen.tokens, estimated: true }))
  const send = (hidden: boolean, declines: (status: number) => boolean) =>
    transport.relay({
      ...relayed,
      ...(hidden ? { body: withUsage(asked!) } : {}),
      headers: (client) => unpacked(relayed.headers(client)),
      declines,
      passing: (status, type) => ({
        passing: status >= 400 ? untouched : passing(type, seen, hidden),
        ended: booking(status),
      }),
    })
  const declines = (status: number) => relayed.declines?.(status) ?? false

  const asks = learned.countsStreams && isUncounted(asked, relayed.path)
  let isRefused = false
  const reply = await send(asks, (status) => {
    isRefused = asks && isRefusal(status)
    return isRefused || declines(status)
  })
  if (!isRefused) return reply
  return send(false, (status) => {
    learned.countsStreams = isRefusal(status)
    return declines(status)
  })
}

/** A request's body, where it is an object that was read. */
export type Asked = Readonly<Record<string, unknown>> | undefined

export function askedIn({ body }: Pick<Relayed, 'body'>): Asked {
  return body && JSON.parse(new TextDecoder().decode(body))
}

const isRefusal = (status: number) => status === 400 || status === 422

/** Whether it is a stream that would not say at its end what it took. */
function isUncounted(asked: Asked, path: string): boolean {
  const { stream, stream_options: options } = asked ?? {}
  if (stream !== true || (options as Record<string, unknown> | null | undefined)?.['include_usage'] === true)
    return false
  return /^\/(?:chat\/)?completions$/.test(path.split('?', 1)[0]!)
}

const withUsage = (asked: Readonly<Record<string, unknown>>): Uint8Array =>
  new TextEncoder().encode(
    JSON.stringify({ ...asked, stream_options: { ...(asked['stream_options'] as object), include_usage: true } }),
  )

/** What is read here must not be packed. */
const unpacked = (headers: readonly Pair[]): Pair[] => [
  ...headers.filter(([name]) => name.toLowerCase() !== 'accept-encoding'),
  ['accept-encoding', 'identity'],
]

function passing(type: string, seen: Seen, hidden: boolean): Passing {
  if (type.startsWith('text/event-stream')) return new PassingEvents(seen, hidden)
  return type.includes('json') ? new PassingWhole(seen) : untouched
}

const untouched: Passing = { changes: false, push: (chunk) => chunk, flush: () => new Uint8Array() }
