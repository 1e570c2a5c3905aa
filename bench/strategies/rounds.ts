/**
 * Time in rounds: everything that waits for its turn gets it at once, as soon as nothing else can happen without. With
 * calls that all take one turn, the number of turns is the number of calls that had to wait for one another.
 */
export class Rounds {
  count = 0
  #waiting: (() => void)[] = []

  turn(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#waiting.length === 0) setImmediate(() => this.#next())
      this.#waiting.push(resolve)
    })
  }

  #next(): void {
    this.count++
    const waiting = this.#waiting
    this.#waiting = []
    for (const go of waiting) go()
  }
}
