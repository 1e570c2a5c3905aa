export type BreakerState = 'closed' | 'open' | 'half-open'

/** What time it is, and where its jitter comes from: numbers in [0, 1). */
export type Chance = { readonly now?: () => number; readonly random?: () => number }

/** One call, and what it told about its server; one that is told nothing of is given up in time. */
export type Trial = {
  readonly succeeded: () => void
  readonly failed: () => void
  /** It ended without a word about the server: its client left. */
  readonly left: () => void
}

/** Failures in a row that open it. */
const most = 3
/** The first pause in milliseconds, doubled for each probe that fails. */
const firstPause = 2000
const longestPause = 60_000
/** How long the verdict of a probe is waited for before there is another. */
const longestProbe = 30_000

/**
 * Whether a server is worth asking. After a few failures in a row it is left alone for a pause (open); then one call
 * tries it (half open), and either all come again (closed) or a longer pause begins. No timer runs: it is asked when
 * there is something to send.
 */
export class Breaker {
  readonly #now: () => number
  readonly #random: () => number
  #failures = 0
  #pauses = 0
  #probeUntil = 0
  /** When its pause ends. */
  until = 0

  constructor({ now = Date.now, random = Math.random }: Chance = {}) {
    this.#now = now
    this.#random = random
  }

  get state(): BreakerState {
    if (this.#pauses === 0) return 'closed'
    return this.#now() < this.until ? 'open' : 'half-open'
  }

  /** Whether a call may go there now: while half open, only if no other is on its way to try it. */
  get ready(): boolean {
    const { state } = this
    return state === 'closed' || (state === 'half-open' && this.#now() >= this.#probeUntil)
  }

  begin(): Trial {
    const probe = this.state === 'half-open' && this.ready
    if (probe) this.#probeUntil = this.#now() + longestProbe
    return {
      succeeded: () => {
        this.#failures = 0
        this.#pauses = 0
        this.#probeUntil = 0
      },
      failed: () => {
        this.#failures++
        // What was on its way when it opened says nothing new.
        if (probe ? this.state === 'half-open' : this.state === 'closed' && this.#failures >= most) this.#open()
      },
      left: () => {
        if (probe) this.#probeUntil = 0
      },
    }
  }

  /** Jittered by a quarter, so that many processes do not come back at once. */
  #open(): void {
    const pause = Math.min(longestPause, firstPause * 2 ** this.#pauses++)
    this.until = this.#now() + pause * (0.75 + this.#random() / 2)
    this.#probeUntil = 0
  }
}
