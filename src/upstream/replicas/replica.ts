import { Breaker, type BreakerState, type Chance } from '../breaker.ts'
import type { Transport } from '../transport.ts'
import { UnderWay } from '../under-way.ts'

export type Address = { readonly url: string; readonly weight: number }

/** What there is to tell of one replica. */
export type ReplicaState = Address & { readonly state: BreakerState; readonly calls: number }

/** One of several servers of the same models. */
export class Replica {
  readonly url: string
  readonly weight: number
  readonly transport: Transport
  readonly breaker: Breaker
  readonly underWay: UnderWay
  /** Its place in the order of those that have equally much to do. */
  turn = 0

  constructor({ url, weight }: Address, transport: Transport, chance: Chance) {
    this.url = url
    this.weight = weight
    this.transport = transport
    this.breaker = new Breaker(chance)
    this.underWay = new UnderWay(chance.now ?? Date.now)
  }

  /** What it has to do, for its weight. */
  get load(): number {
    return this.underWay.count / this.weight
  }

  get told(): ReplicaState {
    const { url, weight, breaker, underWay } = this
    return { url, weight, state: breaker.state, calls: underWay.count }
  }
}
