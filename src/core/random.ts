/** FNV-1a over the text of the parts: the same parts always give the same 31-bit number. */
export function hash(...parts: readonly (string | number)[]): number {
  let state = 0x811c9dc5
  for (const char of parts.join('\u0000')) state = Math.imul(state ^ char.codePointAt(0)!, 0x01000193)
  return state >>> 1
}

/**
 * The seed for one draw among many. A client's seed must not make every sample the same, and the same request must draw
 * the same samples again: the first draw keeps the client's seed, each other one has its own by its place in the tree.
 */
export const seedFor = (seed: number, draws: readonly number[]): number =>
  draws.every((draw) => draw === 0) ? seed : hash(seed, ...draws)

/** Numbers in [0, 1), the same for the same parts (mulberry32). */
export function randomFrom(...parts: readonly (string | number)[]): () => number {
  let state = hash(...parts)
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** The items in a random order, every order as likely as any other. */
export function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const order = [...items]
  for (let last = order.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1))
    ;[order[last], order[other]] = [order[other]!, order[last]!]
  }
  return order
}
