import type { Context } from 'hono'
import { MullError } from '#core'
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
  const path = /^\w+:\/\/[^/?#]*\/v1(\/.*)$/.exec(request.url)?.[1]
  if (path === undefined || climbing.test(path.split('?', 1)[0]!)) throw noPath()
  const added = () => (c.req.header('origin') === undefined ? {} : openToPages)
  return { request, path, env: c.env, added }
}

/** Two dots between slashes of which one is encoded: some servers read them as a way out of the upstream's own path. */
const climbing = /(?:%2f|%5c|\/)(?:\.|%2e){2}(?:%2f|%5c|\/|$)/i

const noPath = () =>
  new MullError('unknown_url', 'There is nothing at this path. The API begins at /v1.', 404, {
    type: 'invalid_request_error',
  })
