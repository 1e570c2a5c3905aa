import type { Context } from 'hono'
import { MullError } from '#core'
import { readBody } from './body.ts'
import type { Door } from './door.ts'
import type { Caller, Engine, HttpOptions, Relayed, Sent } from './engine.ts'
import { modelInSight } from './model-in-sight.ts'
import { openToPages } from './pages.ts'
import type { Following } from './watching/following.ts'

/** Hands a request through as it came. Rejects with what kept the upstream from answering. */
export async function relay(
  c: Context,
  engine: Engine,
  options: HttpOptions,
  caller: Caller,
  following: Following,
): Promise<Response> {
  const sent = engine.reads && isJson(c) ? await named(c, options) : {}
  const whole = { ...relayed(c, following), ...sent }
  following.planned({ model: sent.asked?.model, recipe: undefined, relayed: true })
  following.relays()
  return (await engine.relay(whole, caller))!
}

const isJson = (c: Context) => c.req.header('content-type')?.startsWith('application/json') ?? false

/** A body whose model says where it goes. */
async function named(c: Context, { maxBodyBytes }: HttpOptions): Promise<Sent> {
  const body = await readBody(c, maxBodyBytes)
  const asked = modelInSight(body)
  return asked ? { asked } : { body }
}

/**
 * Hands a request at a door through, with what is `sent` of it, if the upstream serves its path; undefined if it is known
 * not to, or says so. Rejects with what kept the upstream from answering.
 */
export async function relayIfServed<Form>(
  c: Context,
  engine: Engine,
  caller: Caller,
  { path, through }: Door<Form>,
  sent: Sent,
  following: Following,
): Promise<Response | undefined> {
  if (through && engine.lacking.has(path, sent.asked?.model)) return undefined
  const whole = { ...relayed(c, following), ...sent }
  following.relays()
  if (!through) return engine.relay(whole, caller)
  const reply = await engine.relay({ ...whole, declines: (status) => notServed.has(status) }, caller)
  if (!reply) following.declined()
  return reply
}

/** Not found, method not allowed, not implemented. It may be the model that was not found: then asking otherwise says so. */
const notServed: ReadonlySet<number> = new Set([404, 405, 501])

function relayed(c: Context, following: Following): Relayed {
  const request = c.req.raw
  const path = /^\w+:\/\/[^/?#]*\/v1(\/.*)$/.exec(request.url)?.[1]
  if (path === undefined || climbing.test(path.split('?', 1)[0]!)) throw noPath()
  const fromPage = request.headers.has('origin')
  const added = (upstreamsId: string | undefined) =>
    fromPage ? { ...openToPages, ...following.onRelay(upstreamsId) } : following.onRelay(upstreamsId)
  const carried = following.carrying?.('')
  return { request, path, env: c.env, added, begun: following.beginning, carried }
}

/** Two dots between slashes of which one is encoded: some servers read them as a way out of the upstream's own path. */
const climbing = /(?:%2f|%5c|\/)(?:\.|%2e){2}(?:%2f|%5c|\/|$)/i

const noPath = () =>
  new MullError('unknown_url', 'There is nothing at this path. The API begins at /v1.', 404, {
    type: 'invalid_request_error',
  })
