import { readFile } from 'node:fs/promises'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import type { Config } from './config/index.ts'
import { at } from './config/tree.ts'
import { createEngine, httpOptions } from './engine.ts'
import { createApp } from './http/app.ts'
import type { Engine } from './http/engine.ts'
import { isOfPage } from './http/page.ts'
import type { Watcher } from './http/watching/watch.ts'
import { counting } from './node/counting.ts'
import { lane, noLane } from './node/lane.ts'
import { type Fetch, type Listening, listen } from './node/listen.ts'
import { outlasting } from './node/outlasting.ts'
import { page } from './node/page.ts'
import { lastingSight, type Seen, seeingOnNode } from './node/seeing.ts'
import { sha256 } from './node/sha256.ts'
import { shelvesOf } from './node/shelves.ts'
import { type NodeTransport, nodeTransport, whenRelayed } from './node/transport.ts'
import type { Shelves } from './remembered.ts'
import { serversOf } from './servers.ts'
import type { Allowances } from './state/allowance.ts'
import { tinyTransport } from './tiny.ts'
import { tiny } from './upstream/tiny.ts'
import { titlesOf } from './upstreams.ts'

export type Running = Listening & {
  /** What answers now. */
  readonly engine: () => Engine
  /**
   * Answers by another configuration from now on; what has begun ends by the one it began with. Returns the settings that
   * take effect only when Mull is started again.
   */
  reload(config: Config): readonly string[]
}

/** The weights beside the package; its sources and its build are equally deep in it. */
export const weights = () => readFile(new URL('../tiny-r1/tiny-r1.bin', import.meta.url))

/** What is settled for as long as the process runs: where it listens, and how much it remembers. */
const lasting: readonly string[] = [
  'server.host',
  'server.port',
  'cache.entries',
  'cache.megabytes',
  'bank.entries',
  'bank.megabytes',
  'store.redis',
  'store.timeout',
  ...lastingSight,
]

/** Serves on Node. Rejects when the address cannot be listened on. */
export async function startNode(config: Config, watchers: readonly Watcher[] = []): Promise<Running> {
  const { shelves, redis, forget } = await shelvesOf(config)
  const { seen, flush } = seeingOnNode(config, () => current.states?.(), watchers)
  const shared = { shelves, allowances: counting(config, redis), seen }
  let current = assembled(config, shared)
  const fetch: Fetch = async (request, env) => {
    if (current.page && isOfPage(env.incoming)) return current.page.fetch(request, env)
    const response = await current.app.fetch(request, env)
    if (env.outgoing.headersSent) return RESPONSE_ALREADY_SENT
    return response.status === 413 ? outlasting(response, env.incoming) : response
  }
  const listening = await listen(config, fetch, (incoming, outgoing) => current.lane(incoming, outgoing))
  const reload = (next: Config) => {
    const { retire } = current
    current = assembled(next, shared)
    retire()
    return lasting.filter((path) => at(next, path.split('.')) !== at(config, path.split('.')))
  }
  const close = async (drainMs?: number) => {
    await listening.close(drainMs)
    await Promise.all([forget(), flush()])
  }
  return { ...listening, close, engine: () => current.engine, reload }
}

/** What outlives a configuration. */
type Shared = {
  readonly shelves: Shelves
  readonly allowances: Allowances
  readonly seen: Seen
}

/** Everything that answers by one configuration. */
function assembled(config: Config, { shelves, allowances, seen }: Shared) {
  const transports: NodeTransport[] = []
  const { transportOf, states } = serversOf(config, {
    to: (baseUrl, patience) => {
      const transport = nodeTransport({ baseUrl, ...patience })
      transports.push(transport)
      return transport
    },
    whenRelayed,
    builtIn: (upstream) => tinyTransport(upstream, { weights }),
  })
  const engine = createEngine(config, transportOf, shelves)
  const upstream = titlesOf(config, 'tiny-r1 (built in)')
  const options = { ...httpOptions(config, allowances, sha256), upstream, replicas: states, ...seen }
  const retire = () => {
    for (const transport of transports) transport.retire()
  }
  return {
    engine,
    app: createApp(engine, options),
    // The built-in model has no socket to hand over.
    lane: Object.values(config.upstreams).every(({ url }) => url) ? lane(engine, options) : noLane,
    states,
    page: config.server.page ? page : undefined,
    retire,
  }
}

/** Serves tiny-r1 alone. Rejects when the address cannot be listened on. */
export const startTiny = (config: Config): Promise<Listening> => listen(config, tiny({ weights }))
