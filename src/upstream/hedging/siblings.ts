/** What time it is, in milliseconds, and what happens later; `after` returns how to call it off. */
export type Clock = {
  readonly now: () => number
  readonly after: (ms: number, act: () => void) => () => void
}

const real: Clock = {
  now: () => performance.now(),
  after(ms, act) {
    const timer = setTimeout(act, ms)
    return () => clearTimeout(timer)
  },
}

/** Of fewer others no quantile says anything. */
const fewest = 3

type Running = { readonly since: number; readonly late: () => void; callOff?: (() => void) | undefined }

/**
 * How long the samples of one prompt take, and which of them are late: those that take longer than a share of their
 * siblings did. One that still runs took longer than any that is in, so it is known how long that is as soon as so many
 * are in. Nobody is late twice.
 */
export class Siblings {
  readonly #share: number
  readonly #clock: Clock
  readonly #took: number[] = []
  readonly #running = new Set<Running>()

  /** `share`: from 0 to 1, as 0.95. */
  constructor(share: number, clock: Clock = real) {
    this.#share = share
    this.#clock = clock
  }

  /** One more has been asked for. Returns how to say that it has ended, and whether it is in. */
  begin(late: () => void): (isIn: boolean) => void {
    const one: Running = { since: this.#clock.now(), late }
    this.#running.add(one)
    this.#look()
    return (isIn) => {
      if (!this.#running.delete(one)) return
      one.callOff?.()
      if (isIn) this.#took.push(this.#clock.now() - one.since)
      this.#look()
    }
  }

  #look(): void {
    const longest = this.#longest
    if (longest === undefined) return
    for (const one of this.#running) {
      if (one.callOff) continue
      const left = one.since + longest - this.#clock.now()
      one.callOff = this.#clock.after(Math.max(0, left), () => this.#fire(one))
    }
  }

  /** More may have been asked for meanwhile, or taken longer. */
  #fire(one: Running): void {
    one.callOff = undefined
    const longest = this.#longest
    if (longest === undefined) return
    // A timer may be a little early.
    if (one.since + longest - this.#clock.now() > 1) this.#look()
    else {
      one.callOff = () => {}
      one.late()
    }
  }

  /** How long the share of one's siblings took; undefined until so many are in. */
  get #longest(): number | undefined {
    const others = this.#took.length + this.#running.size - 1
    const rank = Math.ceil(this.#share * others)
    if (others < fewest || this.#took.length < rank) return undefined
    return this.#took.toSorted((a, b) => a - b)[rank - 1]! * patience
  }
}

/** Whoever is nearly there is not worth a second call. */
const patience = 1.1
