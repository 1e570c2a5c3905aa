import type { Chance } from '../breaker.ts'
import { RetryBudget } from '../retry.ts'
import type { Relayed, Transport } from '../transport.ts'
import { isInMemory, letGo, untilRead } from './bodies.ts'
import { type Bound, Order } from './order.ts'
import { asOwn } from './own.ts'
import { parted } from './parted.ts'
import { type Address, Replica, type ReplicaState } from './replica.ts'
import { type Visit, visit } from './visit.ts'

export type ReplicaOptions = Chance & {
  /** How to send to one address, whose own key and headers are seen to here. */
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

/**
 * Several servers of the same models as one: each call goes to the one that has the least to do for its weight, and one
 * that fails before its reply has begun goes on to another. What is known of them is known to this process alone. A
 * single address is its own transport, and costs nothing more.
 */
export function replicated(addresses: readonly [Address, ...Address[]], options: ReplicaOptions): Replicas {
  const { to, hops, whenRelayed = (_, ended) => ended(), now = Date.now } = options
  const transportTo = (address: Address) => asOwn(address, to(address.url))
  if (addresses.length === 1) return { transport: transportTo(addresses[0]) }
  const replicas = addresses.map((address, index) => {
    const before = addresses.slice(0, index).filter(({ url }) => url === address.url).length
    const id = before === 0 ? address.url : `${address.url}#${before + 1}`
    return new Replica(id, address, transportTo(address), options)
  })
  const order = new Order(replicas)
  const budget = new RetryBudget(now)

  return {
    transport: {
      send: (call) =>
        asking(
          async ({ transport, answered, ended }) => {
            const reply = await transport.send(call)
            if (!answered(reply.status)) return { ...reply, body: untilRead(reply.body, call.signal, ended) }
            letGo(reply)
            ended()
            return reply
          },
          { mayMove: true, visited: call.visited ?? [], at: call.at },
        ),
      relay: (relayed) =>
        asking(
          async ({ transport, answered, ended }) => {
            let handed = true
            const declines = (status: number) => {
              handed = !(answered(status) || relayed.declines?.(status))
              return !handed
            }
            const reply = await transport.relay({ ...relayed, declines })
            if (handed) whenRelayed(relayed, ended)
            else ended()
            return reply
          },
          { mayMove: isInMemory(relayed), visited: [], at: undefined },
        ),
      shares: (count) => parted(count, replicas),
    },
    states: () => replicas.map(({ told }) => told),
  }

  /** Asks one after another until one answers, or none may be asked any more. */
  async function asking<T>(ask: (visit: Visit) => Promise<T>, bound: Bound): Promise<T> {
    const tried = new Set<Replica>()
    const move = () => {
      const next = bound.mayMove && tried.size <= hops ? order.another(tried) : undefined
      return next && budget.take() ? next : undefined
    }
    let replica = order.first(bound)
    budget.call()
    for (;;) {
      tried.add(replica)
      for (const places of bound.visited) places.add(replica.id)
      const one = visit(replica, move)
      try {
        const reply = await ask(one)
        if (!one.next) return reply
      } catch (error) {
        one.failed(error)
        if (!one.next) throw error
      }
      replica = one.next
    }
  }
}
