import type { Replica } from './replica.ts'

/** What matters of a call for where it goes first. */
export type Bound = {
  /** Whether it may go on to another replica. */
  readonly mayMove: boolean
  /** Where other tries at the same have been. */
  readonly visited: readonly Set<string>[]
  /** Where it is to go if that replica is well. */
  readonly at: string | undefined
}

/** Which of several servers is asked next: one that is well, with the least to do for its weight. */
export class Order {
  readonly #replicas: readonly Replica[]
  #turn = 0

  constructor(replicas: readonly Replica[]) {
    this.#replicas = replicas
  }

  /** Where a call goes first. When all are left alone, to the one whose pause is the next to end: it may be well again. */
  first({ mayMove, visited, at }: Bound): Replica {
    // A server that may be down is tried with a call that can move on.
    const spared = mayMove ? [] : this.#replicas.filter(({ breaker }) => breaker.state !== 'closed')
    return (
      this.#elsewhere(visited) ??
      this.#replicas.find(({ id, breaker }) => id === at && breaker.ready) ??
      this.another(new Set(spared)) ??
      this.another(new Set()) ??
      this.#replicas.reduce((best, one) => (one.breaker.until < best.breaker.until ? one : best))
    )
  }

  /** One that was not tried; of those with equally much to do, whose turn it is. Undefined if none is left. */
  another(tried: ReadonlySet<Replica>): Replica | undefined {
    const [best] = this.#replicas
      .filter((replica) => !tried.has(replica) && replica.breaker.ready)
      // Who was away does not catch up on the turns it has missed.
      .map((replica) => ({ replica, load: replica.load, turn: Math.max(this.#turn, replica.turn) }))
      .sort((a, b) => a.load - b.load || a.turn - b.turn)
    if (!best) return undefined
    this.#turn = best.turn
    best.replica.turn = best.turn + 1 / best.replica.weight
    return best.replica
  }

  /** Where no other try at the same has been, if there has been one. */
  #elsewhere(visited: readonly Set<string>[]): Replica | undefined {
    const known = this.#replicas.filter(({ id }) => visited.some((places) => places.has(id)))
    return known.length > 0 ? this.another(new Set(known)) : undefined
  }
}
