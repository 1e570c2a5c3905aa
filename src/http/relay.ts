import type { Context } from 'hono'
import type { Door } from './door.ts'
import type { Caller, Engine, Relayed } from './engine.ts'
import { openToPages } from './pages.ts'

/** Hands a request through as it came. Rejects with what kept the upstream from answering. */
export async function relay(c: Context, engine: Engine, caller: Caller): Promise<Response> {
  return (await engine.relay(relayed(c), caller))!
}

/**
 * Hands a request at a door through, with `body` as its body, if the upstream serves its path; undefined if it is known
 * not to, or says so. Rejects with what kept the upstream from answering.
 */
export async function relayIfServed<Form>(
  c: Context,
  engine: Engine,
  caller: Caller,
  { path, through }: Door<Form>,
  body: Uint8Array,
): Promise<Response | undefined> {
  if (!through) return engine.relay({ ...relayed(c), body }, caller)
  if (engine.lacking.has(path)) return undefined
  return engine.relay({ ...relayed(c), body, declines: (status) => notServed.has(status) }, caller)
}

/** Not found, method not allowed, not implemented. It may be the model that was not found: then asking otherwise says so. */
const notServed: ReadonlySet<number> = new Set([404, 405, 501])

function relayed(c: Context): Relayed {
  const request = c.req.raw
  const path = request.url.slice(request.url.indexOf('/v1/') + '/v1'.length)
  const added = () => (c.req.header('origin') === undefined ? {} : openToPages)
  return { request, path, env: c.env, added }
}
