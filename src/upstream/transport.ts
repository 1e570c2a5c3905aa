import type { InPassing } from './passing.ts'

export type Pair = readonly [name: string, value: string]

/** One HTTP request to the upstream. `path` begins with a slash and follows the base URL's `/v1`. */
export type Call = {
  readonly method: string
  readonly path: string
  readonly headers: Headers
  readonly body?: string | Uint8Array
  readonly signal: AbortSignal
  /** What sends it in place of the runtime's own `fetch`, where that goes over the network. */
  readonly via?: Via
  /** Where other tries at the same have been, so that this one goes elsewhere if it can; it is noted there as well. */
  readonly visited?: readonly Set<string>[]
  /** Which of several servers to begin with, if it is well. */
  readonly at?: string | undefined
}

/** Sends as `fetch` does. */
export type Via = (url: string, init: RequestInit) => Promise<Response>

/** A client's request, in the form that the runtime has it in. */
export type Asking = Pick<Request, 'method' | 'body' | 'signal'> & {
  readonly headers: Pick<Headers, 'has'> & Iterable<[string, string]>
}

/** A client's request to hand through. */
export type Relayed = {
  /** As it came. */
  readonly request: Asking
  /** What follows the base URL's `/v1`. */
  readonly path: string
  /** In place of the request's own body. */
  readonly body?: Uint8Array
  /** Whether a reply of this status is not to be handed over. */
  readonly declines?: (status: number) => boolean
  /** The key that it is asked with, if that is not the client's own. */
  readonly key: string | null | undefined
  /** What of the client's headers goes upstream, and what in their place. */
  readonly headers: (client: Iterable<Pair>) => Pair[]
  /** What the runtime gave the request along: sockets on Node. */
  readonly env: unknown
  /** Headers of ours for the reply, by what the upstream calls the request (`x-request-id`). */
  readonly added: (upstreamsId: string | undefined) => Readonly<Record<string, string>>
  /** Told when the reply's first byte is there, and whether it is a stream of events. */
  readonly begun?: ((streamed: boolean) => void) | undefined
  /** Sees the reply in passing, by its status and its content type. */
  readonly passing?: (status: number, type: string) => InPassing
}

/** The head of a reply, and its body as it comes. */
export type Reply = {
  readonly status: number
  readonly headers: Headers
  readonly body: AsyncIterable<Uint8Array>
  /** What it was asked with, if not with the headers of the call. */
  readonly asked?: Headers
}

/** So many of some completions, and which of several servers to ask for them. */
export type Share = { readonly count: number; readonly at?: string }

/**
 * How bytes travel to the upstream: `fetch` at the edge, undici on Node, a function call for the built-in model.
 * Both ways reject with the signal's reason when it is aborted, and with UpstreamFailed when no reply comes in time.
 */
export interface Transport {
  /** Sends, and reads the reply here. */
  send(call: Call): Promise<Reply>
  /** Sends, and hands the reply over to the client byte for byte; undefined for one that is declined. */
  relay(relayed: Relayed): Promise<Response | undefined>
  /** How completions that are asked for at once are parted among several servers; absent where there is one. */
  shares?(count: number): readonly Share[]
}

/** Names that belong to one connection, not to the message (RFC 9110, section 7.6.1). */
export const hopByHop: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

/** `name` in lower case. */
export const isHopByHop = (name: string): boolean => hopByHop.has(name)

/** Further headers that belong to the connection alone, as its header `Connection` names them; in lower case. */
export function namedBy(connection: string): readonly string[] {
  // Almost all of them say just this.
  if (connection === 'keep-alive') return none
  const names = connection.toLowerCase().split(/[,\s]+/)
  return names.filter((name) => name !== '' && !isHopByHop(name) && !isOfTheBody(name))
}

const none: readonly string[] = []

/** Without these a body cannot be read, whatever is said of them. */
const isOfTheBody = (name: string) => /^content-(?:length|type|encoding)$/.test(name)
