import { BadRequest } from '#core'
import type { Whole } from './arrival.ts'

/**
 * The bytes of a request's body. Throws a 413 for more than `most` of them. Most bodies say how long they are; the rest is
 * counted as it comes, which asks for a stream, and that costs a server on Node half of its requests.
 */
export async function readBody(request: Whole['request'], most: number): Promise<Uint8Array> {
  const length = request.headers.get('content-length')
  if (length === null && request.body) return counted(request.body, most)
  if (Number(length) > most) tooLarge(most)
  return new Uint8Array(await request.arrayBuffer())
}

async function counted(body: AsyncIterable<Uint8Array<ArrayBuffer>>, most: number): Promise<Uint8Array> {
  const chunks: Uint8Array<ArrayBuffer>[] = []
  let length = 0
  for await (const chunk of body) {
    length += chunk.length
    if (length > most) tooLarge(most)
    chunks.push(chunk)
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer())
}

function tooLarge(most: number): never {
  throw new BadRequest(`The body is larger than ${most / 1024 / 1024} MB (MULL_MAX_BODY_MB).`, {
    status: 413,
    code: 'body_too_large',
  })
}

const utf8 = new TextDecoder()

export const encode = (body: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(body))

/** The JSON object that a body is. Throws BadRequest. */
export function parse(bytes: Uint8Array): Record<string, unknown> {
  try {
    const body: unknown = JSON.parse(utf8.decode(bytes))
    if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as Record<string, unknown>
  } catch {}
  throw new BadRequest(
    'The body is not a JSON object. A chat request is {"model": "…", "messages": [{"role": "user", …}]}.',
  )
}
