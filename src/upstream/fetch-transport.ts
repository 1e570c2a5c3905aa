import { withinFirstByte } from './first-byte.ts'
import { type Call, endToEnd, type Reply, type Transport } from './transport.ts'

type Fetch = (request: Request) => Promise<Response>

export type FetchOptions = {
  readonly baseUrl: string
  readonly timeoutMs: number
}

/** The transport of every runtime that has `fetch`, and of anything that looks like it. */
export function fetchTransport(fetch: Fetch, { baseUrl, timeoutMs }: FetchOptions): Transport {
  const ask = ({ method, path, headers, signal }: Call, body: string | Uint8Array | ReadableStream | null) =>
    withinFirstByte(timeoutMs, signal, (signal) =>
      fetch(
        new Request(baseUrl + path, {
          method,
          headers: identity(headers),
          body,
          redirect: 'manual',
          signal,
          ...(body instanceof ReadableStream ? { duplex: 'half' } : {}),
        }),
      ),
    )
  return {
    async send(call): Promise<Reply> {
      const { status, headers, body } = await ask(call, call.body ?? null)
      return { status, headers, body: body ? chunks(body) : none() }
    },
    async relay(call, { request, added }) {
      const { status, statusText, headers, body } = await ask(call, call.body ?? request.body)
      const kept = new Headers()
      for (const [name, value] of endToEnd(headers)) kept.append(name, value)
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
