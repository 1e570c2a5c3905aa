import type { Config, Upstream as Settings } from './config/index.ts'
import { demo } from './upstream/demo.ts'
import { fetchTransport } from './upstream/fetch-transport.ts'
import type { Patience } from './upstream/patience.ts'
import { rated } from './upstream/rated.ts'
import type { ReplicaState } from './upstream/replicas/replica.ts'
import { type ReplicaOptions, type Replicas, replicated } from './upstream/replicas/replicas.ts'
import type { Transport } from './upstream/transport.ts'

/** The built-in model behind the transport it has in place of a network. */
export function demoTransport(upstream: Settings): Transport {
  const answer = demo()
  const options = { baseUrl: 'http://demo/v1', ...patienceOf(upstream) }
  return fetchTransport((url, init) => answer(new Request(url, init)), options)
}

/** How long the configuration lets an upstream take. */
export function patienceOf({ timeouts: { connect, firstByte, firstToken, idle, total } }: Settings): Patience {
  const firstTokenMs = firstToken ?? Math.min(firstByte, 5 * idle)
  return { connectMs: connect, timeoutMs: firstByte, firstTokenMs, idleMs: idle, totalMs: total }
}

/** What is asked. */
export type Servers = {
  readonly transportOf: (upstream: string) => Transport
  /** What there is to tell of the replicas, where there are several. */
  readonly states: (() => readonly (ReplicaState & { readonly upstream?: string })[]) | undefined
}

/** The servers that the configuration names, the replicas of each upstream as one, or the built-in model. */
export function serversOf(
  { upstreams }: Config,
  {
    to,
    builtIn,
    ...options
  }: Omit<ReplicaOptions, 'hops' | 'to'> & {
    readonly to: (baseUrl: string, patience: Patience) => Transport
    readonly builtIn: (upstream: Settings) => Transport
  },
): Servers {
  const all = Object.entries(upstreams).map(([name, own]): [string, Replicas] => {
    const send = (baseUrl: string) => to(baseUrl, patienceOf(own))
    const servers = own.url
      ? replicated(own.url, { hops: own.retries, to: send, ...options })
      : { transport: builtIn(own) }
    return [name, own.rate ? { ...servers, transport: rated(servers.transport, own.rate) } : servers]
  })
  const servers = new Map(all)
  const named = all.length === 1 ? () => ({}) : (upstream: string) => ({ upstream })
  const telling = all.filter(([, { states }]) => states)
  return {
    transportOf: (name) => servers.get(name)!.transport,
    states:
      telling.length === 0
        ? undefined
        : () => telling.flatMap(([name, { states }]) => states!().map((state) => ({ ...named(name), ...state }))),
  }
}
