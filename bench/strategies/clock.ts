type Waiting = { readonly at: number; readonly go: () => void }

/**
 * Time that passes only when nothing else can happen: what waits for the shortest time goes on first. So a second of a
 * slow model takes no time at all, and what arrives first is always the same.
 */
export class Clock {
  now = 0
  #waiting: Waiting[] = []
  #moving = false

  /** Resolves after `duration`, or at once when `signal` is aborted; to the time that has passed. */
  pass(duration: number, signal: AbortSignal): Promise<number> {
    const start = this.now
    return new Promise((resolve) => {
      const waiting = { at: start + duration, go: () => resolve(this.now - start) }
      this.#waiting.push(waiting)
      this.#move()
      signal.addEventListener('abort', () => {
        this.#waiting = this.#waiting.filter((other) => other !== waiting)
        waiting.go()
      })
    })
  }

  #move(): void {
    if (this.#moving || this.#waiting.length === 0) return
    this.#moving = true
    setImmediate(() => {
      this.#moving = false
      const first = this.#waiting.reduce<Waiting | undefined>((a, b) => (a && a.at <= b.at ? a : b), undefined)
      if (!first) return
      this.now = Math.max(this.now, first.at)
      this.#waiting = this.#waiting.filter((other) => other !== first)
      first.go()
      this.#move()
    })
  }
}
