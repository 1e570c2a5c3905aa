import { hopByHop, namedBy, type Pair } from './transport.ts'

/** Who asks: the client's headers, and whether its key may go on to the upstream. */
export type Caller = {
  readonly headers: Pick<Headers, 'get'> & Iterable<[string, string]>
  /** The key the upstream is asked with; undefined passes the client's own on, null sends none. */
  readonly key: string | null | undefined
  /** Whose request it is, where it is known to several upstreams as one each; by default its own. */
  readonly request?: object
}

/** Ours, or about one connection or one body, or set by the edge on the way in. */
const isOurs = (name: string) =>
  own.has(name) || name.startsWith('x-mull-') || (name.startsWith('cf-') && !name.startsWith('cf-aig-'))

const own: ReadonlySet<string> = new Set([...hopByHop, 'host', 'content-length', 'expect'])

/** Where clients put their key, Anthropic's in the second. */
const ofKeys = (name: string) => name === 'authorization' || name === 'x-api-key'

/**
 * The client's headers as the upstream gets them on a relay: all of them, with the upstream's key where theirs was, and
 * `carried` in place of those of the same names.
 */
export function relayed(
  headers: Iterable<Pair>,
  key: Caller['key'],
  carried: Readonly<Record<string, string>> = {},
): Pair[] {
  const sent: Pair[] = []
  let anthropic = false
  // Further headers that are about one connection only, as the client says itself.
  let named: readonly string[] = []
  for (const pair of headers) {
    const name = pair[0].toLowerCase()
    if (name === 'connection') named = namedBy(pair[1])
    else if (key !== undefined && ofKeys(name)) anthropic ||= name === 'x-api-key'
    else if (!isOurs(name) && !Object.hasOwn(carried, name)) sent.push(pair)
  }
  sent.push(...Object.entries(carried))
  if (key) sent.push(['authorization', `Bearer ${key}`])
  if (key && anthropic) sent.push(['x-api-key', key])
  return named.length > 0 ? sent.filter(([name]) => !named.includes(name.toLowerCase())) : sent
}

/** About the one request of the client, which is many upstream: an idempotency key would make one sample of sixteen. */
const ofOneRequest =
  /^(accept|anthropic|content|if)-|^(accept|expect|range|idempotency-key|x-client-request-id|x-request-id)$/i

/** The client's headers on each call of a strategy. */
export function sampled(caller: Caller): Headers {
  const kept = relayed(caller.headers, caller.key).filter(([name]) => !ofOneRequest.test(name))
  const sent = new Headers(kept as [string, string][])
  const key = sent.get('x-api-key')
  sent.delete('x-api-key')
  if (key !== null && !sent.has('authorization')) sent.set('authorization', `Bearer ${key}`)
  sent.set('content-type', 'application/json')
  sent.set('accept', 'text/event-stream')
  // A cache between here and the model that keys on the body would turn sixteen samples into one.
  sent.set('cf-aig-skip-cache', 'true')
  return sent
}

/** Tells callers with different keys apart. */
export const ownerOf = ({ headers, key }: Caller): string =>
  key ?? headers.get('authorization') ?? headers.get('x-api-key') ?? ''

/** Headers with which a client says, behind its key, for which account and by which route it asks. */
const ofRoutes = /^(?:anthropic|cf-aig|helicone|openai|x-goog|x-litellm|x-portkey)-/i

/**
 * Tells apart who may not be told what another was answered: clients with different keys, even where the upstream is
 * asked with one key for all of them, unless what they are told is `shared`; and those who name other accounts or routes.
 */
export function askerOf({ headers, key }: Caller, shared: boolean): string {
  const routes = [...headers].filter(([name]) => ofRoutes.test(name))
  const own = shared && key !== undefined ? [] : [headers.get('authorization'), headers.get('x-api-key')]
  return JSON.stringify([key ?? null, routes, ...own])
}
