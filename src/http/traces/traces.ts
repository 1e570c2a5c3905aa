import { LRUCache } from 'lru-cache'
import type { Place, Watcher } from '../watching/watch.ts'
import { Record } from './record.ts'
import type { Summary } from './shape.ts'

export type TraceOptions = {
  /** Everything, everything but what was asked and said, or nothing. */
  readonly keep: 'full' | 'metadata' | 'off'
  /** The most requests that are kept. */
  readonly entries: number
  /** The most memory that they may take. */
  readonly bytes: number
  /** Whether a key is asked for, so that a page of another origin that has one may read them. */
  readonly guarded: boolean
}

const seen: ReadonlySet<Place> = new Set(['chat', 'messages', 'responses', 'completions', 'relay'])

/** The last requests, in this process's memory. Relays have a place of their own: they are many, and soon told. */
export class Traces {
  readonly options: TraceOptions
  readonly #searches: LRUCache<string, Record>
  readonly #relays: LRUCache<string, Record>

  constructor(options: TraceOptions) {
    const { entries: max, bytes: maxSize } = options
    this.options = options
    this.#searches = new LRUCache({ max, maxSize, sizeCalculation: ({ size }) => Math.min(size, maxSize) })
    this.#relays = new LRUCache({ max })
  }

  readonly watcher: Watcher = (beginning) => {
    if (!seen.has(beginning.place)) return undefined
    const { id } = beginning
    const record = new Record(beginning, this.options.keep === 'full')
    return {
      identified: (name) => record.identified(name),
      planned: (plan) => {
        record.planned(plan)
        if (!plan.relayed) this.#searches.set(id, record)
      },
      heard: (event) => record.heard(event),
      ended: (ending) => {
        record.ended(ending)
        // Set again, it is counted by what it has become.
        if (record.summary.relayed) this.#relays.set(id, record)
        else this.#searches.set(id, record)
      },
    }
  }

  /** The latest first. */
  list(): Summary[] {
    return [...this.#searches.values(), ...this.#relays.values()]
      .map(({ summary }) => summary)
      .sort((a, b) => b.at - a.at)
  }

  /** By its id, or by what its client calls it: of several, the latest. */
  find(id: string): Record | undefined {
    const known = this.#searches.peek(id) ?? this.#relays.peek(id)
    if (known) return known
    const called = this.list().find(({ request_id }) => request_id === id)
    return called && this.find(called.id)
  }
}
