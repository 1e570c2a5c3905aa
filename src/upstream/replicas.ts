import { UpstreamFailed } from '#core'
import { Breaker, type BreakerState, type Chance } from './breaker.ts'
import { parted } from './parted.ts'
import { readText } from './read-text.ts'
import { RetryBudget } from './retry.ts'
import type { Relayed, Reply, Transport } from './transport.ts'
import { UnderWay } from './under-way.ts'

export type Address = { readonly url: string; readonly weight: number }

/** What there is to tell of one replica. */
export type ReplicaState = Address & { readonly state: BreakerState; readonly calls: number }

export type ReplicaOptions = Chance & {
  /** How to send to one address. */
  readonly to: (url: string) => Transport
  /** How many others a call that failed may be sent to. */
  readonly hops: number
  /** Says when a reply that is relayed has come to its end; by default it is counted until it begins. */
  readonly whenRelayed?: (relayed: Relayed, ended: () => void) => void
}

export type Replicas = {
  readonly transport: Transport
  /** Absent for a single address. */
  readonly states?: () => readonly ReplicaState[]
}

/** One of several servers of the same models. */
export type Replica = Address & {
  readonly transport: Transport
  readonly breaker: Breaker
  readonly underWay: UnderWay
  /** Its place in the order of those that have equally much to do. */
  turn: number
}

/** One call at one replica. */
type Visit = {
  readonly transport: Transport
  /** Hears the status of the reply; returns whether it is to be let go, because another replica is asked instead. */
  readonly answered: (status: number) => boolean
  readonly failed: (error: unknown) => void
  readonly ended: () => void
  next?: Replica | undefined
}

/**
 * Several servers of the same models as one: each call goes to the one that has the least to do for its weight, and one
 * that fails before its reply has begun goes on to another. What is known of them is known to this process alone. A
 * single address is its own transport, and costs nothing more.
 */
export function replicated(addresses: readonly [Address, ...Address[]], options: ReplicaOptions): Replicas {
  const { to, hops, whenRelayed = (_, ended) => ended(), now = Date.now } = options
  if (addresses.length === 1) return { transport: to(addresses[0].url) }
  const replicas = addresses.map(
    (address): Replica => ({
      ...address,
      transport: to(address.url),
      breaker: new Breaker(options),
      underWay: new UnderWay(now),
      turn: 0,
    }),
  )
  const budget = new RetryBudget(now)
  let turn = 0

  return {
    transport: {
      send: (call) =>
        visiting(
          true,
          async ({ transport, answered, ended }) => {
            const reply = await transport.send(call)
            if (!answered(reply.status)) return { ...reply, body: untilRead(reply.body, call.signal, ended) }
            letGo(reply)
            ended()
            return reply
          },
          call.visited,
          call.at,
        ),
      relay: (relayed) =>
        visiting(isInMemory(relayed), async ({ transport, answered, ended }) => {
          let handed = true
          const declines = (status: number) => {
            handed = !(answered(status) || relayed.declines?.(status))
            return !handed
          }
          const reply = await transport.relay({ ...relayed, declines })
          if (handed) whenRelayed(relayed, ended)
          else ended()
          return reply
        }),
      shares: (count) => parted(count, replicas),
    },
    states: () =>
      replicas.map(({ url, weight, breaker: { state }, underWay: { count: calls } }) => ({
        url,
        weight,
        state,
        calls,
      })),
  }

  async function visiting<T>(
    mayMove: boolean,
    ask: (visit: Visit) => Promise<T>,
    visited: readonly Set<string>[] = [],
    at?: string,
  ): Promise<T> {
    const tried = new Set<Replica>()
    const move = () => {
      const next = mayMove && tried.size <= hops ? another(tried) : undefined
      return next && budget.take() ? next : undefined
    }
    let replica =
      elsewhere(visited) ?? replicas.find(({ url, breaker }) => url === at && breaker.ready) ?? pick(mayMove)
    budget.call()
    for (;;) {
      tried.add(replica)
      for (const places of visited) places.add(replica.url)
      const visit = begin(replica, move)
      try {
        const reply = await ask(visit)
        if (!visit.next) return reply
      } catch (error) {
        visit.failed(error)
        if (!visit.next) throw error
      }
      replica = visit.next
    }
  }

  function begin(replica: Replica, move: () => Replica | undefined): Visit {
    const trial = replica.breaker.begin()
    const ended = replica.underWay.begin()
    let told = false
    const visit: Visit = {
      transport: replica.transport,
      ended,
      answered(status) {
        told = true
        if (isDown(status)) {
          trial.failed()
          visit.next = move()
        } else trial.succeeded()
        return visit.next !== undefined
      },
      failed(error) {
        ended()
        if (told) return
        const code = error instanceof UpstreamFailed ? error.code : undefined
        if (code === 'upstream_unreachable' || code === 'upstream_timeout') trial.failed()
        else trial.left()
        // A time-out has used up its time already.
        if (code === 'upstream_unreachable') visit.next = move()
      },
    }
    return visit
  }

  /** Where no other try at the same has been, if there has been one. */
  function elsewhere(visited: readonly Set<string>[]): Replica | undefined {
    const known = replicas.filter(({ url }) => visited.some((places) => places.has(url)))
    return known.length > 0 ? another(new Set(known)) : undefined
  }

  /** Where a call goes first. When all are left alone, to the one whose pause is the next to end: it may be well again. */
  function pick(mayMove: boolean): Replica {
    // A server that may be down is tried with a call that can move on.
    const spared = mayMove ? [] : replicas.filter(({ breaker }) => breaker.state !== 'closed')
    return (
      another(new Set(spared)) ??
      another(new Set()) ??
      replicas.reduce((best, one) => (one.breaker.until < best.breaker.until ? one : best))
    )
  }

  /** The one with the least to do for its weight; of equals, whose turn it is. */
  function another(tried: ReadonlySet<Replica>): Replica | undefined {
    const [best] = replicas
      .filter((replica) => !tried.has(replica) && replica.breaker.ready)
      .map((replica) => ({ replica, load: replica.underWay.count / replica.weight, turn: turnOf(replica) }))
      .sort((a, b) => a.load - b.load || a.turn - b.turn)
    if (!best) return undefined
    turn = best.turn
    best.replica.turn = turn + 1 / best.replica.weight
    return best.replica
  }

  /** Who was away does not catch up on the turns it has missed. */
  function turnOf(replica: Replica): number {
    return Math.max(turn, replica.turn)
  }
}

/** What proxies say for a server that is down, or about to be; Cloudflare has words of its own from 520 on. */
const isDown = (status: number) => (status >= 502 && status <= 504) || (status >= 520 && status <= 530)

/** Whether a request can be sent once more: a body that is on its way cannot. */
function isInMemory({ body, request }: Relayed): boolean {
  if (body || (request.method !== 'GET' && request.method !== 'HEAD')) return body !== undefined
  return !request.headers.has('content-length') && !request.headers.has('transfer-encoding')
}

/** Reads a reply that nobody wants to its end, so that its connection can be used again. */
function letGo({ body }: Reply): void {
  readText(body, 65_536).catch(() => {})
}

/** The same body; tells when it has been read, or will not be. */
function untilRead(body: Reply['body'], signal: AbortSignal, ended: () => void): Reply['body'] {
  if (signal.aborted) ended()
  else signal.addEventListener('abort', ended, { once: true })
  return {
    async *[Symbol.asyncIterator]() {
      try {
        yield* body
      } finally {
        signal.removeEventListener('abort', ended)
        ended()
      }
    },
  }
}
