import { Breaker, type BreakerState, type Chance } from '../breaker.ts'
import type { Transport } from '../transport.ts'
import { UnderWay } from '../under-way.ts'

export type Address = {
  readonly url: string
  readonly weight: number
  /** In place of the key that the others are asked with. */
  readonly key?: string | undefined
  /** Headers that go along there, in place of those of the same names. */
  readonly headers?: Readonly<Record<string, string>> | undefined
}

/** What there is to tell of one replica. */
export type ReplicaState = Pick<Address, 'url' | 'weight'> & { readonly state: BreakerState; readonly calls: number }

/** One of several servers of the same models. */
export class Replica {
  /** Its address; behind one that another has, too, there is a number: http://a/v1#2. */
  readonly id: string
  readonly weight: number
  /** Whether it is asked with a key of its own, which another need not be refused for. */
  readonly keyed: boolean
  readonly transport: Transport
  readonly breaker: Breaker
  readonly underWay: UnderWay
  /** Its place in the order of those that have equally much to do. */
  turn = 0

  constructor(id: string, { weight, key, headers }: Address, transport: Transport, chance: Chance) {
    this.id = id
    this.weight = weight
    this.keyed = key !== undefined || headers !== undefined
    this.transport = transport
    this.breaker = new Breaker(chance)
    this.underWay = new UnderWay(chance.now ?? Date.now)
  }

  /** What it has to do, for its weight. */
  get load(): number {
    return this.underWay.count / this.weight
  }

  get told(): ReplicaState {
    const { id, weight, breaker, underWay } = this
    return { url: id, weight, state: breaker.state, calls: underWay.count }
  }
}
