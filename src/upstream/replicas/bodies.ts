import { readText } from '../read-text.ts'
import type { Relayed, Reply } from '../transport.ts'

/** Whether a request can be sent once more: a body that is on its way cannot. */
export function isInMemory({ body, request }: Relayed): boolean {
  if (body || (request.method !== 'GET' && request.method !== 'HEAD')) return body !== undefined
  return !request.headers.has('content-length') && !request.headers.has('transfer-encoding')
}

/** Reads a reply that nobody wants to its end, so that its connection can be used again. */
export function letGo({ body }: Reply): void {
  readText(body, 65_536).catch(() => {})
}

/** The same body; tells when it has been read, or will not be. */
export function untilRead(body: Reply['body'], signal: AbortSignal, ended: () => void): Reply['body'] {
  if (signal.aborted) ended()
  else signal.addEventListener('abort', ended, { once: true })
  return {
    async *[Symbol.asyncIterator]() {
      try {
        yield* body
      } finally {
        signal.removeEventListener('abort', ended)
        ended()
      }
    },
  }
}
