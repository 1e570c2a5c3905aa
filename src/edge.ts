import { type Config, type Definition, readConfig, settingsOf, type Upstream } from './config/index.ts'
import { counting } from './edge/counting.ts'
import { noFigures } from './edge/figures.ts'
import { sending } from './edge/sending.ts'
import { shelvesOf } from './edge/shelves.ts'
import { createEngine, httpOptions } from './engine.ts'
import { createApp } from './http/app.ts'
import type { Watcher } from './http/watching/watch.ts'
import { seeing } from './seeing.ts'
import { serversOf } from './servers.ts'
import { fetchTransport } from './upstream/fetch-transport.ts'
import { type Further, spreading } from './upstream/spread.ts'
import type { Transport } from './upstream/transport.ts'
import { titlesOf } from './upstreams.ts'

/**
 * Cloudflare holds the seventh call of an invocation back until one of six has its response headers, and lets one request
 * cause 32 invocations; some are left to Durable Objects.
 */
const waiting = 6
const most = 24

/** As long as an upstream may take where nobody says less, the platform sees to it that a relay does not hang. */
const usual = { timeoutMs: 300_000, idleMs: 60_000 }

/** The platform keeps a log of its own. */
const log = {
  // biome-ignore lint/suspicious/noConsole: that is where a Worker's log is written
  write: (line: string) => console.log(line),
  quiet: true,
}

/** What a Worker is built with. */
export type BuiltIn = {
  /** What `GET /health` calls the model that it brings along, for when no upstream has an address. */
  readonly title: string
  readonly transport: (upstream: Upstream) => Transport
  /** What mull.config.ts says. */
  readonly definition: Definition
  readonly watchers?: (config: Config) => readonly Watcher[]
  /** Opens a further invocation of the Worker, for calls that would have to wait. */
  readonly openShard?: Further['open']
}

/** A Worker. Its variables and secrets are the environment of docs/configuration.md. */
export function edge(builtIn: BuiltIn) {
  let app: { readonly env: object; readonly fetch: ReturnType<typeof createApp>['fetch'] } | undefined
  return {
    fetch(request: Request, env: Record<string, unknown>, context: object): Response | Promise<Response> {
      app = app?.env === env ? app : { env, fetch: assemble(env, builtIn) }
      return app.fetch(request, context)
    },
  }
}

function assemble(
  env: Record<string, unknown>,
  { title, transport: builtIn, definition, watchers: watchersOf, openShard }: BuiltIn,
) {
  const config = readConfig(env, settingsOf(definition, env))
  const { transportOf, states } = serversOf(config, {
    to: (baseUrl, patience) => {
      const leftToPlatform = patience.timeoutMs >= usual.timeoutMs && patience.idleMs! >= usual.idleMs
      return fetchTransport((url, init, via = fetch) => via(url, init), { baseUrl, ...patience, leftToPlatform })
    },
    builtIn,
  })
  const seen = seeing(config, { sending, local: false, log, watchers: watchersOf?.(config) ?? [] })
  const options = {
    ...httpOptions(config, counting(env, config)),
    upstream: titlesOf(config, title),
    replicas: states,
    metrics: config.metrics === 'off' ? undefined : noFigures,
    outlive: (context: unknown, work: Promise<unknown>) => (context as Context).waitUntil(work),
    ...seen,
  }
  const isolated = spreading({ waiting, further: openShard && { most, open: openShard } })
  return createApp(createEngine(config, transportOf, shelvesOf(env), isolated), options).fetch
}

/** What the runtime gives a request along. */
type Context = { waitUntil(work: Promise<unknown>): void }
