import type { Context, MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { BadRequest } from '#core'

/**
 * Refuses a body of more than `most` bytes with a 413. Most bodies say how long they are; Hono's own check is left to
 * the rest, because it asks for every body as a stream, which costs a server on Node half of its requests.
 */
export function limitBody(most: number): MiddlewareHandler {
  const tooLarge = (): never => {
    throw new BadRequest(`The body is larger than ${most / 1024 / 1024} MB (MULL_MAX_BODY_MB).`, {
      status: 413,
      code: 'body_too_large',
    })
  }
  const counted = bodyLimit({ maxSize: most, onError: tooLarge })
  return (c: Context, next) => {
    const length = c.req.header('content-length')
    if (length === undefined) return counted(c, next)
    return Number(length) > most ? tooLarge() : next()
  }
}
