import { withinFirstByte } from './first-byte.ts'
import { hopByHop, type Pair, type Reply, type Transport } from './transport.ts'

type Fetch = (url: string, init: RequestInit) => Promise<Response>

export type FetchOptions = {
  readonly baseUrl: string
  readonly timeoutMs: number
}

/** The transport of every runtime that has `fetch`, and of anything that looks like it. */
export function fetchTransport(fetch: Fetch, { baseUrl, timeoutMs }: FetchOptions): Transport {
  /** `fetch` unpacks what it can, so what it could unpack is not asked for: the bytes stay as the upstream sent them. */
  const ask = (path: string, init: RequestInit & { headers: Headers; signal: AbortSignal }) => {
    init.headers.set('accept-encoding', 'identity')
    return withinFirstByte(timeoutMs, init.signal, (signal) =>
      fetch(baseUrl + path, { ...init, redirect: 'manual', signal }),
    )
  }
  return {
    async send({ path, ...call }): Promise<Reply> {
      const { status, headers, body } = await ask(path, { ...call, headers: new Headers(call.headers) })
      return { status, headers, body: body ? chunks(body) : none() }
    },
    async relay({ request, path, body: own, headers: rewritten, added }) {
      const { method, signal } = request
      const sent = { method, signal, headers: headersOf(rewritten(request.headers)) }
      const asked = own ? { ...sent, body: own } : { ...sent, body: request.body, duplex: 'half' as const }
      const reply = await ask(path, asked)
      const relayed = new Response(reply.body, reply)
      for (const name of hopByHop) if (reply.headers.has(name)) relayed.headers.delete(name)
      for (const [name, value] of Object.entries(added)) relayed.headers.set(name, value)
      return relayed
    },
  }
}

/** From a record, because workerd takes four times as long to read a list of pairs. */
const headersOf = (pairs: readonly Pair[]) => new Headers(Object.fromEntries(pairs))

async function* chunks(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = body.getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      yield value
    }
  } finally {
    reader.cancel().catch(() => {})
  }
}

async function* none(): AsyncGenerator<Uint8Array> {}
