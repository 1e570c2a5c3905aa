/** Longer than any answer takes. */
const longest = 15 * 60_000

/**
 * Counts what is under way. On Workers the end of a call whose client has left is never told, so one is counted for a
 * quarter of an hour at the most.
 */
export class UnderWay {
  readonly #now: () => number
  readonly #begun = new Set<{ readonly at: number }>()

  constructor(now: () => number) {
    this.#now = now
  }

  /** Returns how to say that it has ended; said twice it is the same. */
  begin(): () => void {
    const call = { at: this.#now() }
    this.#begun.add(call)
    return () => {
      this.#begun.delete(call)
    }
  }

  get count(): number {
    const oldest = this.#now() - longest
    for (const call of this.#begun) {
      if (call.at > oldest) break
      this.#begun.delete(call)
    }
    return this.#begun.size
  }
}
