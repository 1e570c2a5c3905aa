import { type Config, mainOf, readConfig, titleOf } from './config/index.ts'
import { createEngine, httpOptions, patienceOf, replicasOf } from './engine.ts'
import { createApp } from './http/app.ts'
import { fetchTransport } from './upstream/fetch-transport.ts'
import type { Transport } from './upstream/transport.ts'

/** Cloudflare holds the seventh call of an invocation back until one of six has its response headers. */
const waiting = 6

/** The model that a Worker brings along, for when UPSTREAM_BASE_URL names none. */
export type BuiltIn = {
  /** What `GET /health` calls it. */
  readonly title: string
  readonly transport: (config: Config) => Transport
}

/** A Worker. Its variables and secrets are the environment of the README's table. */
export function edge(builtIn: BuiltIn) {
  let app: { readonly env: object; readonly fetch: ReturnType<typeof createApp>['fetch'] } | undefined
  return {
    fetch(request: Request, env: Record<string, unknown>): Response | Promise<Response> {
      app = app?.env === env ? app : { env, fetch: assemble(env, builtIn) }
      return app.fetch(request, env)
    },
  }
}

function assemble(env: Record<string, unknown>, { title, transport: builtIn }: BuiltIn) {
  const config = readConfig(env)
  const relaying = { ...patienceOf(config), untimedRelays: true }
  const { transport, states } = replicasOf(config, {
    to: (baseUrl) => fetchTransport((url, init) => fetch(url, init), { baseUrl, ...relaying }),
    builtIn: () => builtIn(config),
  })
  const options = { ...httpOptions(config), upstream: titleOf(mainOf(config)) ?? title, replicas: states }
  return createApp(createEngine(config, transport, { waiting }), options).fetch
}
