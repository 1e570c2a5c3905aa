/** One HTTP request to the upstream. `path` begins with a slash and follows the base URL's `/v1`. */
export type Call = {
  readonly method: string
  readonly path: string
  readonly headers: Headers
  readonly body?: string | Uint8Array
  readonly signal: AbortSignal
}

/** The client's request behind a relayed call. */
export type Behind = {
  /** As it came; its body is what is sent where the call has none of its own. */
  readonly request: Request
  /** What the runtime gave the request along: sockets on Node. */
  readonly env: unknown
  /** Headers of ours that the reply carries, in place of any of the same name; in lower case. */
  readonly added: Readonly<Record<string, string>>
}

/** The head of a reply, and its body as it comes. */
export type Reply = { readonly status: number; readonly headers: Headers; readonly body: AsyncIterable<Uint8Array> }

/**
 * How bytes travel to the upstream: `fetch` at the edge, `node:http` on Node, a function call for the built-in model.
 * Both ways reject with the signal's reason when it is aborted, and with UpstreamFailed when no reply comes in time.
 */
export interface Transport {
  /** Sends, and reads the reply here. */
  send(call: Call): Promise<Reply>
  /** Sends, and hands the reply over to the client byte for byte. */
  relay(call: Call, behind: Behind): Promise<Response>
}

/** Names that belong to one connection, not to the message (RFC 9110, section 7.6.1). */
const hopByHop = new Set([
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

/** The headers that go on to the next hop. `Connection` names further ones that do not. */
export function endToEnd(headers: Iterable<readonly [string, string]>): (readonly [string, string])[] {
  const all = [...headers]
  const named = all.filter(([name]) => name.toLowerCase() === 'connection').flatMap(([, value]) => value.split(','))
  const dropped = new Set([...hopByHop, ...named.map((name) => name.trim().toLowerCase())])
  return all.filter(([name]) => !dropped.has(name.toLowerCase()))
}
