import { MullError } from '#core'
import type { Arrival } from './arrival.ts'
import type { Door } from './door.ts'
import type { Caller, Engine, Relayed, Sent } from './engine.ts'
import type { Entry } from './entry.ts'
import { openToPages } from './pages.ts'
import type { Following } from './watching/following.ts'

/** What of a request is handed through, and whom it came to. */
export type Passed = {
  readonly entry: Entry
  /** In place of the request's own body. */
  readonly sent?: Sent
  /** How large that is. */
  readonly bytes?: number
}

/** Hands a request through as it came. Rejects with what kept the upstream from answering. */
export async function relay(
  arrival: Arrival,
  engine: Engine,
  caller: Caller,
  following: Following,
  passed: Passed,
): Promise<Response> {
  if (arrival.request.method === 'TRACE') throw noTrace()
  const whole = relayed(arrival, following, passed, pathIn(arrival.request.url))
  following.planned({ model: passed.sent?.asked?.model, recipe: undefined, relayed: true })
  following.relays()
  return (await engine.relay(whole, caller))!
}

/**
 * Hands a request at a door through if the upstream serves its path; undefined if it is known not to, or says so. Rejects
 * with what kept the upstream from answering.
 */
export function relayIfServed<Form>(
  arrival: Arrival,
  engine: Engine,
  caller: Caller,
  { path, through }: Door<Form>,
  following: Following,
  passed: Passed,
): Promise<Response | undefined> {
  if (through && engine.lacking.has(path, passed.sent?.asked?.model)) return Promise.resolve(undefined)
  const whole = relayed(arrival, following, passed, path + queryIn(arrival.request.url))
  following.relays()
  if (!through) return engine.relay(whole, caller)
  return engine.relay({ ...whole, declines: (status) => notServed.has(status) }, caller).then((reply) => {
    if (!reply) following.declined()
    return reply
  })
}

/** Not found, method not allowed, not implemented. It may be the model that was not found: then asking otherwise says so. */
const notServed: ReadonlySet<number> = new Set([404, 405, 501])

function relayed(arrival: Arrival, following: Following, { entry, sent, bytes = 0 }: Passed, path: string): Relayed {
  const { request, env } = arrival
  const fromPage = request.headers.has('origin')
  const always = fromPage ? { ...openToPages, ...entry.headers } : entry.headers
  const added = (upstreamsId: string | undefined) => ({ ...always, ...following.onRelay(upstreamsId) })
  const carried = following.carrying?.('')
  const counted = entry.counted(bytes)
  return { ...sent, request, path, env, added, begun: following.beginning, carried, counted }
}

/** What follows the API's root. Throws a 404. */
function pathIn(url: string): string {
  const path = /^\w+:\/\/[^/?#]*\/v1(\/.*)$/.exec(url)?.[1]
  if (path === undefined || climbing.test(path.split('?', 1)[0]!)) throw noPath()
  return path
}

function queryIn(url: string): string {
  const at = url.indexOf('?')
  return at < 0 ? '' : url.slice(at)
}

/** Two dots between slashes of which one is encoded: some servers read them as a way out of the upstream's own path. */
const climbing = /(?:%2f|%5c|\/)(?:\.|%2e){2}(?:%2f|%5c|%3b|[/;]|$)/i

const noTrace = () =>
  new MullError('method_not_allowed', 'TRACE is not relayed: its reply would repeat the key of the upstream.', 405, {
    type: 'invalid_request_error',
  })

const noPath = () =>
  new MullError('unknown_url', 'There is nothing at this path. The API begins at /v1.', 404, {
    type: 'invalid_request_error',
  })
