import type { Context } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { BadRequest } from '#core'

/**
 * The bytes of a request's body. Throws a 413 for more than `most` of them. Most bodies say how long they are; Hono's own
 * count is left to the rest, because it asks for a stream, which costs a server on Node half of its requests.
 */
export async function readBody(c: Context, most: number): Promise<Uint8Array> {
  const length = c.req.header('content-length')
  if (length === undefined) await bodyLimit({ maxSize: most, onError: () => tooLarge(most) })(c, async () => {})
  else if (Number(length) > most) tooLarge(most)
  return new Uint8Array(await c.req.arrayBuffer())
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
