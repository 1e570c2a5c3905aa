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
