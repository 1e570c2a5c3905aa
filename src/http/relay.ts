import type { Context } from 'hono'
import type { Caller, Engine } from './engine.ts'
import { openToPages } from './pages.ts'

/** Hands a request through as it came, or with another body. Rejects with what kept the upstream from answering. */
export function relay(c: Context, engine: Engine, caller: Caller, body?: Uint8Array): Promise<Response> {
  const request = c.req.raw
  const path = request.url.slice(request.url.indexOf('/v1/') + '/v1'.length)
  const added = () => (c.req.header('origin') === undefined ? {} : openToPages)
  return engine.relay({ request, path, env: c.env, added, ...(body ? { body } : {}) }, caller)
}
