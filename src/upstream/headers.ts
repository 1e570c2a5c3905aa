import { endToEnd } from './transport.ts'

/** Who asks: the client's headers, and whether its key may go on to the upstream. */
export type Caller = {
  readonly headers: Headers
  /** The key the upstream is asked with; undefined passes the client's own on, null sends none. */
  readonly key: string | null | undefined
}

/** Ours, or about the way a body comes in, or set by the edge. */
const isOurs = (name: string) =>
  ['host', 'content-length', 'expect'].includes(name) ||
  name.startsWith('x-mull-') ||
  (name.startsWith('cf-') && !name.startsWith('cf-aig-'))

/** The client's headers as the upstream gets them on a relay: all of them, with the upstream's key. */
export function relayed({ headers, key }: Caller): Headers {
  const sent = new Headers()
  for (const [name, value] of endToEnd(headers)) if (!isOurs(name)) sent.append(name, value)
  if (key) sent.set('authorization', `Bearer ${key}`)
  if (key === null) sent.delete('authorization')
  return sent
}

/** About the one request of the client, which is many upstream: an idempotency key would make one sample of sixteen. */
const ofOneRequest = /^(accept|content|if)-|^(accept|expect|range|idempotency-key|x-client-request-id|x-request-id)$/

/** The client's headers on each call of a strategy. */
export function sampled(caller: Caller): Headers {
  const sent = relayed(caller)
  for (const name of [...sent.keys()]) if (ofOneRequest.test(name)) sent.delete(name)
  sent.set('content-type', 'application/json')
  sent.set('accept', 'text/event-stream')
  // A cache between here and the model that keys on the body would turn sixteen samples into one.
  sent.set('cf-aig-skip-cache', 'true')
  return sent
}

/** Tells callers with different keys apart. */
export const ownerOf = ({ headers, key }: Caller): string => key ?? headers.get('authorization') ?? ''
