import { type Hold, type Level, lacks, leftOf, type Spent, type Take, type Taken } from './allowance.ts'

/** Small values by name, in one place that nobody else writes to meanwhile: a Map, or the storage of a Durable Object. */
export interface Shelf {
  get<T>(key: string): T | undefined
  put<T>(key: string, value: T): void
  delete(key: string): unknown
  list<T>(options: { prefix: string }): Iterable<[string, T]>
}

type Counter = {
  readonly start: number
  readonly used: number
  readonly held: number
  /** When the window before began, where what is booked in that one still counts. */
  readonly earlier?: number | undefined
  /** Used and held there. */
  readonly before?: number
}
type Held = { readonly until: number; readonly parts: readonly Spent[] }

const counters = 'counter/'
const holds = 'hold/'

/** What one owner has used, and what is held for them. */
export class Account {
  readonly #shelf: Shelf
  readonly #now: () => number

  constructor(shelf: Shelf, now: () => number = Date.now) {
    this.#shelf = shelf
    this.#now = now
  }

  take(takes: readonly Take[], { id, ms }: Hold): Taken {
    const now = this.#now()
    let levels = this.#levels(takes, now)
    if (!allow(levels, takes) && this.#giveBack(now)) levels = this.#levels(takes, now)
    const granted = allow(levels, takes)
    const taken = takes.map(({ amount }, index) => (granted ? Math.min(amount, leftOf(levels[index]!)) : 0))
    const parts: Spent[] = []
    for (const [index, { name, held }] of takes.entries()) {
      const [{ start }, amount] = [levels[index]!, taken[index]!]
      if (amount > 0) this.#add(name, start, held ? { held: amount } : { used: amount })
      if (amount > 0 && held) parts.push({ name, start, amount })
    }
    if (parts.length > 0) this.#shelf.put<Held>(holds + id, { until: now + ms, parts })
    const after = levels.map((level, index) => {
      const amount = taken[index]!
      const sum = takes[index]!.held ? { held: exact(level.held + amount) } : { used: exact(level.used + amount) }
      return { ...level, ...sum, taken: amount }
    })
    return { granted, levels: after }
  }

  settle(id: string, spent: readonly Spent[]): void {
    this.#release(id)
    for (const { name, start, amount } of spent) this.#add(name, start, { used: amount })
  }

  renew({ id, ms }: Hold): void {
    const held = this.#shelf.get<Held>(holds + id)
    if (held) this.#shelf.put<Held>(holds + id, { ...held, until: this.#now() + ms })
  }

  #levels(takes: readonly Take[], now: number): Level[] {
    return takes.map(({ name, most, windowMs, slides = false }) => {
      const start = now - (now % windowMs)
      const found = this.#shelf.get<Counter>(counters + name)
      const counter = found?.start === start ? found : next(found, start, slides ? start - windowMs : undefined)
      if (counter !== found) this.#shelf.put<Counter>(counters + name, counter)
      const { used, held, before = 0 } = counter
      return { name, most, windowMs, slides, used, held, before, start, resetMs: start + windowMs - now }
    })
  }

  /** To a window that does not count any more, nothing is added. */
  #add(name: string, start: number, { used = 0, held = 0 }: { readonly used?: number; readonly held?: number }): void {
    const found = this.#shelf.get<Counter>(counters + name)
    if (found?.start === start)
      this.#shelf.put<Counter>(counters + name, {
        ...found,
        used: exact(found.used + used),
        held: exact(found.held + held),
      })
    if (found?.earlier === start)
      this.#shelf.put<Counter>(counters + name, { ...found, before: exact((found.before ?? 0) + used + held) })
  }

  #release(id: string): void {
    const held = this.#shelf.get<Held>(holds + id)
    this.#shelf.delete(holds + id)
    for (const { name, start, amount } of held?.parts ?? []) this.#add(name, start, { held: -amount })
  }

  /** What nobody has asked to keep. Returns whether there was any. */
  #giveBack(now: number): boolean {
    const late = [...this.#shelf.list<Held>({ prefix: holds })].filter(([, { until }]) => until <= now)
    for (const [key] of late) this.#release(key.slice(holds.length))
    return late.length > 0
  }
}

/** Sums of small prices leave a rest where nothing should be left. */
const exact = (amount: number) => Math.max(0, Math.round(amount * 1e10) / 1e10)

/** The counter of a new window. */
const next = (last: Counter | undefined, start: number, earlier: number | undefined): Counter => ({
  start,
  used: 0,
  held: 0,
  earlier,
  before: last && last.start === earlier ? exact(last.used + last.held) : 0,
})

const allow = (levels: readonly Level[], takes: readonly Take[]) =>
  !takes.some((take, index) => lacks(levels[index]!, take))
