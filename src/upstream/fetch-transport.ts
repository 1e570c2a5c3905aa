import { withinFirstByte } from './first-byte.ts'
import { isHopByHop, type Reply, type Transport } from './transport.ts'

type Fetch = (request: Request) => Promise<Response>

export type FetchOptions = {
  readonly baseUrl: string
  readonly timeoutMs: number
}

/** The transport of every runtime that has `fetch`, and of anything that looks like it. */
export function fetchTransport(fetch: Fetch, { baseUrl, timeoutMs }: FetchOptions): Transport {
  const ask = (path: string, init: RequestInit & { headers: Headers; signal: AbortSignal }) =>
    withinFirstByte(timeoutMs, init.signal, (signal) =>
      fetch(new Request(baseUrl + path, { ...init, headers: identity(init.headers), redirect: 'manual', signal })),
    )
  return {
    async send({ path, ...call }): Promise<Reply> {
      const { status, headers, body } = await ask(path, call)
      return { status, headers, body: body ? chunks(body) : none() }
    },
    async relay({ request, path, body: own, headers: rewritten, added }) {
      const { method, signal } = request
      const sent = { method, signal, headers: new Headers(rewritten(request.headers) as [string, string][]) }
      const asked = own ? { ...sent, body: own } : { ...sent, body: request.body, duplex: 'half' as const }
      const { status, statusText, headers, body } = await ask(path, asked)
      const kept = endToEnd(headers)
      for (const [name, value] of Object.entries(added)) kept.set(name, value)
      return new Response(body, { status, statusText, headers: kept })
    },
  }
}

/** `fetch` unpacks what it can, so what it could unpack is not asked for: the bytes stay as the upstream sent them. */
function identity(headers: Headers): Headers {
  const plain = new Headers(headers)
  plain.set('accept-encoding', 'identity')
  return plain
}

function endToEnd(headers: Headers): Headers {
  const kept = new Headers()
  for (const [name, value] of headers) if (!isHopByHop(name)) kept.append(name, value)
  return kept
}

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
