type Sleeper = { readonly at: number; readonly go: () => void }

/**
 * Time that passes only when nothing else can happen: what waits for the shortest time goes on first. So a second of a
 * slow model takes no time at all, and what arrives first is always the same. While work outside goes on, which takes
 * time of its own, it stands still.
 */
export class Clock {
  now = 0
  #sleepers: Sleeper[] = []
  #outside = 0
  #moving = false

  /** Resolves after `duration`, or at once when `signal` is aborted; to the time that has passed. */
  pass(duration: number, signal: AbortSignal): Promise<number> {
    const start = this.now
    return new Promise((resolve) => {
      const sleeper = { at: start + duration, go: () => resolve(this.now - start) }
      this.#sleepers.push(sleeper)
      this.#move()
      const leave = () => {
        this.#sleepers = this.#sleepers.filter((other) => other !== sleeper)
        sleeper.go()
      }
      if (signal.aborted) leave()
      else signal.addEventListener('abort', leave, { once: true })
    })
  }

  async outside<T>(work: () => Promise<T>): Promise<T> {
    this.#outside++
    try {
      return await work()
    } finally {
      this.#outside--
      this.#move()
    }
  }

  #move(): void {
    if (this.#moving || this.#outside > 0 || this.#sleepers.length === 0) return
    this.#moving = true
    setImmediate(() => {
      this.#moving = false
      if (this.#outside > 0) return
      const first = this.#sleepers.reduce<Sleeper | undefined>((a, b) => (a && a.at <= b.at ? a : b), undefined)
      if (!first) return
      this.now = Math.max(this.now, first.at)
      this.#sleepers = this.#sleepers.filter((other) => other !== first)
      first.go()
      this.#move()
    })
  }
}
