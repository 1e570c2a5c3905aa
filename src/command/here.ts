import type { Ledger } from '#core'
import { type Config, mainOf } from '../config/index.ts'
import { createEngine, httpOptions } from '../engine.ts'
import { type App, createApp } from '../http/app.ts'
import type { Caller, Engine } from '../http/engine.ts'
import { weights } from '../node.ts'
import { inMemory } from '../remembered.ts'
import { serversOf } from '../servers.ts'
import { tinyTransport } from '../tiny.ts'
import { fetchTransport } from '../upstream/fetch-transport.ts'
import type { Transport } from '../upstream/transport.ts'

/** Mull in this process: what would be asked over HTTP is answered by a function, without a port. */
export type Here = {
  readonly app: App
  readonly engine: Engine
  readonly transport: Transport
  readonly transportOf: (upstream: string) => Transport
  readonly caller: Caller
  /** The key of the first upstream, and what else goes along with every call to it. */
  readonly key: string | undefined
  readonly headers: Readonly<Record<string, string>>
}

/** `watch` is given the ledger of each request that a recipe answers. Clients' keys are not asked for. */
export function mullHere(config: Config, watch: (ledger: Ledger) => void = () => {}): Here {
  const { transportOf } = serversOf(config, {
    to: (baseUrl, patience) => fetchTransport((url, init) => fetch(url, init), { baseUrl, ...patience }),
    builtIn: (upstream) => tinyTransport(upstream, { weights }),
  })
  const engine = watched(createEngine(config, transportOf, inMemory(config)), watch)
  const app = createApp(engine, { ...httpOptions(config), identify: undefined })
  const transport = transportOf(Object.keys(config.upstreams)[0]!)
  const { key, headers } = mainOf(config)
  return { app, engine, transport, transportOf, caller: { headers: new Headers(), key: null }, key, headers }
}

const watched = (engine: Engine, watch: (ledger: Ledger) => void): Engine => ({
  ...engine,
  async plan(...address) {
    const plan = await engine.plan(...address)
    if (plan.kind === 'relay') return plan
    return {
      ...plan,
      model: (prompt, scope) => {
        watch(scope.shared.ledger)
        return plan.model(prompt, scope)
      },
    }
  },
})

/** Models that a question can be put to, best guess: what is a list of vectors cannot answer. */
export const answers = (id: string): boolean => !/embed|rerank/i.test(id)
