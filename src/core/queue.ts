/** A one-reader mailbox: push from anywhere, iterate once. No stream machinery, so it runs everywhere. */
export class Queue<T> implements AsyncIterable<T> {
  #items: T[] = []
  #ended = false
  #wake: () => void = () => {}
  readonly #onLeave: () => void

  /** `onLeave` is called when the reader stops before the end. */
  constructor(onLeave: () => void = () => {}) {
    this.#onLeave = onLeave
  }

  push(item: T): void {
    this.#items.push(item)
    this.#wake()
  }

  /** No more will come; what is already there can still be read. */
  end(): void {
    this.#ended = true
    this.#wake()
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T> {
    try {
      for (;;) {
        const items = this.#items
        this.#items = []
        yield* items
        if (this.#items.length > 0) continue
        if (this.#ended) return
        await new Promise<void>((resolve) => {
          this.#wake = resolve
        })
      }
    } finally {
      if (!this.#ended) this.#onLeave()
    }
  }
}
