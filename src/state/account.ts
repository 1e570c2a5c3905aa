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
  used: number
  held: number
  /** When the window before began, where what is booked in that one still counts. */
  readonly earlier: number | undefined
  /** Used and held there. */
  before: number
}
/** By the names of the allowances, which are few: they are read and written at once. */
type Counters = Record<string, Counter>
type Held = { readonly until: number; readonly parts: readonly Spent[] }

const all = 'counters'
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
    const counters = this.#counters()
    let levels = takes.map((take) => levelOf(take, counters, now))
    if (!allow(levels, takes) && this.#giveBack(counters, now))
      levels = takes.map((take) => levelOf(take, counters, now))
    const granted = allow(levels, takes)
    const parts: Spent[] = []
    for (const [index, { name, amount, held }] of takes.entries()) {
      const level = levels[index]!
      level.taken = granted ? Math.min(amount, leftOf(level)) : 0
      if (level.taken === 0) continue
      if (held) parts.push({ name, start: level.start, amount: level.taken })
      add(counters, { name, start: level.start, used: held ? 0 : level.taken, held: held ? level.taken : 0 })
      Object.assign(level, { used: counters[name]!.used, held: counters[name]!.held })
    }
    if (parts.length > 0) this.#shelf.put<Held>(holds + id, { until: now + ms, parts })
    this.#shelf.put(all, counters)
    return { granted, levels }
  }

  settle(id: string, spent: readonly Spent[]): void {
    const counters = this.#counters()
    this.#settle(counters, id, spent)
    this.#shelf.put(all, counters)
  }

  renew({ id, ms }: Hold): void {
    const held = this.#shelf.get<Held>(holds + id)
    if (held) this.#shelf.put<Held>(holds + id, { ...held, until: this.#now() + ms })
  }

  #counters(): Counters {
    return this.#shelf.get<Counters>(all) ?? {}
  }

  #settle(counters: Counters, id: string, spent: readonly Spent[]): void {
    const key = holds + id
    const held = this.#shelf.get<Held>(key)
    if (held) this.#shelf.delete(key)
    for (const { name, start, amount } of held?.parts ?? []) add(counters, { name, start, used: 0, held: -amount })
    for (const { name, start, amount } of spent) add(counters, { name, start, used: amount, held: 0 })
  }

  /** What nobody has asked to keep. Returns whether there was any. */
  #giveBack(counters: Counters, now: number): boolean {
    const late = [...this.#shelf.list<Held>({ prefix: holds })].filter(([, { until }]) => until <= now)
    for (const [key] of late) this.#settle(counters, key.slice(holds.length), [])
    return late.length > 0
  }
}

/** How much of an allowance is used up; its counter moves on with the time. */
function levelOf(
  { name, most, windowMs, slides = false }: Take,
  counters: Counters,
  now: number,
): Level & { taken: number } {
  const start = now - (now % windowMs)
  const found = counters[name]
  const counter = found?.start === start ? found : next(found, start, slides ? start - windowMs : undefined)
  counters[name] = counter
  const { used, held, before } = counter
  return { name, most, windowMs, slides, used, held, before, start, resetMs: start + windowMs - now, taken: 0 }
}

/** The counter of a new window. */
const next = (last: Counter | undefined, start: number, earlier: number | undefined): Counter => ({
  start,
  used: 0,
  held: 0,
  earlier,
  before: last && last.start === earlier ? exact(last.used + last.held) : 0,
})

/** To a window that does not count any more, nothing is added. */
function add(
  counters: Counters,
  { name, start, used, held }: Pick<Counter, 'start' | 'used' | 'held'> & { name: string },
): void {
  const counter = counters[name]
  if (counter?.start === start) {
    counter.used = exact(counter.used + used)
    counter.held = exact(counter.held + held)
  } else if (counter?.earlier === start) counter.before = exact(counter.before + used + held)
}

/** Sums of small prices leave a rest where nothing should be left. */
const exact = (amount: number) => Math.max(0, Math.round(amount * 1e10) / 1e10)

const allow = (levels: readonly Level[], takes: readonly Take[]) =>
  !takes.some((take, index) => lacks(levels[index]!, take))
