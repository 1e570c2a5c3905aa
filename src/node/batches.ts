/** How long what is to be sent is gathered, in milliseconds; how much of it at once; and how much may wait. */
const pause = 1000
const largest = 512
const most = 4096

export type Batches<T> = {
  push(items: readonly T[]): void
  /** Sends what is left. */
  flush(): Promise<void>
}

/** Sends things together. What would wait behind too many others is dropped: a slow collector must not fill the memory. */
export function batches<T>(send: (items: readonly T[]) => Promise<void>): Batches<T> {
  let waiting: T[] = []
  let timer: NodeJS.Timeout | undefined
  let sending: Promise<void> | undefined
  const drain = async () => {
    while (waiting.length > 0) {
      const items = waiting.slice(0, largest)
      waiting = waiting.slice(largest)
      await send(items)
    }
    sending = undefined
  }
  const flush = () => {
    clearTimeout(timer)
    timer = undefined
    sending ??= drain()
    return sending
  }
  return {
    flush,
    push(items) {
      if (waiting.length + items.length > most) return
      waiting.push(...items)
      if (waiting.length >= largest) flush()
      else timer ??= setTimeout(flush, pause).unref()
    },
  }
}
