import type { Context } from 'hono'
import type { Caller, Engine } from './engine.ts'

/** What lets a page of any origin read a reply; the replies that never pass through Hono need it too. */
const openToPages = { 'access-control-allow-origin': '*', 'access-control-expose-headers': '*' }

/** Hands a request through as it came, or with another body. Rejects with what kept the upstream from answering. */
export function relay(c: Context, engine: Engine, caller: Caller, body?: Uint8Array): Promise<Response> {
  const request = c.req.raw
  const path = request.url.slice(request.url.indexOf('/v1/') + '/v1'.length)
  return engine.relay({ request, path, env: c.env, added: openToPages, ...(body ? { body } : {}) }, caller)
}
