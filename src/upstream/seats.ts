import { type Completion, cancelled, endedBy } from '#core'
import type { Seat } from './coalesced.ts'

/** How long a finished stream may still take to say what it used. */
const usageGraceMs = 1000

/**
 * Who waits for what of one upstream request. A seat whose scope ends leaves; when nobody is waiting any more, the
 * request is aborted, unless all were served and only the count of tokens is still to come.
 */
export class Seats {
  readonly #seats: readonly Seat[]
  readonly #waiting = new Map<number, () => void>()
  readonly #gone = new AbortController()
  readonly #letGo: () => void
  readonly signal: AbortSignal = this.#gone.signal
  /** Whether the upstream would go on after everyone is served. */
  #early = false
  #grace: ReturnType<typeof setTimeout> | undefined

  constructor(seats: readonly Seat[], signal: AbortSignal) {
    this.#seats = seats
    this.#letGo = endedBy(signal, this.#gone)
    seats.forEach(({ scope }, index) => {
      const leave = () => this.#leave(index)
      this.#waiting.set(index, leave)
      if (scope.signal.aborted) leave()
      else scope.signal.addEventListener('abort', leave, { once: true })
    })
  }

  waiting(): readonly (readonly [number, Seat])[] {
    return [...this.#waiting.keys()].map((index) => [index, this.#seats[index]!] as const)
  }

  isWaiting(index: number): boolean {
    return this.#waiting.has(index)
  }

  /** Gives a seat its completion, once. `early`: the upstream has more to say on it, which nobody wants to hear. */
  serve(index: number, completion: () => Completion, early = false): void {
    if (!this.#waiting.has(index)) return
    this.#forget(index)
    const seat = this.#seats[index]!
    try {
      seat.resolve(completion())
    } catch (error) {
      seat.reject(error)
    }
    this.#early ||= early
    if (this.#waiting.size > 0) return
    if (this.#early) this.#abort()
    else this.#grace = setTimeout(() => this.#abort(), usageGraceMs)
  }

  reject(error: unknown): void {
    for (const [, seat] of this.waiting()) seat.reject(error)
  }

  /** Lets go of everything; called when the request has ended. */
  close(): void {
    clearTimeout(this.#grace)
    this.#letGo()
    for (const index of [...this.#waiting.keys()]) this.#forget(index)
  }

  #leave(index: number): void {
    const { scope, reject } = this.#seats[index]!
    this.#forget(index)
    this.#early = true
    reject(scope.signal.reason)
    if (this.#waiting.size === 0) this.#abort()
  }

  #forget(index: number): void {
    const leave = this.#waiting.get(index)
    if (leave) this.#seats[index]!.scope.signal.removeEventListener('abort', leave)
    this.#waiting.delete(index)
  }

  #abort(): void {
    this.#gone.abort(cancelled('Nobody is waiting for it any more.'))
  }
}
