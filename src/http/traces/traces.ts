import { LRUCache } from 'lru-cache'
import type { Place, Planned, Watcher } from '../watching/watch.ts'
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
  /** Which of them a key may read. */
  readonly readable: 'own' | 'all'
}

const seen: ReadonlySet<Place> = new Set(['chat', 'messages', 'responses', 'completions', 'relay'])

/** The last requests, in this process's memory. Relays have a place of their own: they are many, and told when asked for. */
export class Traces {
  readonly options: TraceOptions
  readonly #searches: LRUCache<string, Record>
  readonly #relays: LRUCache<string, () => Record>

  constructor(options: TraceOptions) {
    const { entries: max, bytes: maxSize } = options
    this.options = options
    this.#searches = new LRUCache({ max, maxSize, sizeCalculation: ({ size }) => Math.min(size, maxSize) })
    this.#relays = new LRUCache({ max })
  }

  readonly watcher: Watcher = ({ id, requestId, at, place }) => {
    if (!seen.has(place)) return undefined
    const { keep } = this.options
    let name: string | undefined
    let plan: Planned | undefined
    let search: Record | undefined
    const begun = () => {
      const record = new Record({ id, requestId, at, place }, keep === 'full')
      if (name !== undefined) record.identified(name)
      if (plan) record.planned(plan)
      return record
    }
    return {
      identified(caller) {
        name = caller
      },
      planned: (known) => {
        plan = known
        if (known.relayed) return
        search = begun()
        this.#searches.set(id, search)
      },
      heard: (event) => search?.heard(event),
      ended: (ending) => {
        if (!search) return void this.#relays.set(id, () => begun().ended(ending))
        // Set again, it is counted by what it has become.
        this.#searches.set(id, search.ended(ending))
      },
    }
  }

  /** The latest first: those that the holder of a key may read, or all. */
  list(holder?: string): Summary[] {
    const relays = [...this.#relays.values()].map((relay) => relay())
    return [...this.#searches.values(), ...relays]
      .map(({ summary }) => summary)
      .filter((summary) => this.#mayRead(holder, summary))
      .sort((a, b) => b.at - a.at)
  }

  /** By its id, or by what its client calls it: of several, the latest that the holder of a key may read. */
  find(id: string, holder?: string): Record | undefined {
    const known = this.#searches.peek(id) ?? this.#relays.peek(id)?.()
    if (known) return this.#mayRead(holder, known.summary) ? known : undefined
    const called = this.list(holder).find(({ request_id }) => request_id === id)
    return called && this.find(called.id)
  }

  #mayRead(holder: string | undefined, { caller }: Summary): boolean {
    return holder === undefined || this.options.readable === 'all' || caller === holder
  }
}
