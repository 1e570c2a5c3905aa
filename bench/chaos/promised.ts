/** One line of the table. */
export type Promised = {
  /** What is promised, with its figure. */
  readonly promise: string
  /** Resolves to what was measured; rejects with how the promise was broken. */
  readonly hold: (quick: boolean) => Promise<string>
}

export function assert(kept: boolean, broken: string | (() => string)): asserts kept {
  if (!kept) throw new Error(typeof broken === 'string' ? broken : broken())
}

/** The value that so large a share of them do not exceed. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

/** Resolves when `holds`; rejects after `ms`. */
export async function until(holds: () => boolean, ms: number, otherwise: () => string): Promise<number> {
  const begun = performance.now()
  while (!holds()) {
    assert(performance.now() - begun < ms, otherwise)
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
  return performance.now() - begun
}

/** The same work over all items, so many at a time. */
export async function together<T>(items: Iterable<T>, width: number, work: (item: T) => Promise<void>): Promise<void> {
  const left = Iterator.from(items)
  const one = async () => {
    for (let next = left.next(); !next.done; next = left.next()) await work(next.value)
  }
  await Promise.all(Array.from({ length: width }, one))
}
