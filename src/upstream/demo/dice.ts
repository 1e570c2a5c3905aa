/** Chance for one reply. The same seed gives the same throws on every runtime. */
export type Dice = {
  /** A number from 0 up to, not including, 1. */
  next: () => number
  /** True with this probability, 0 to 1. Greedy dice are true only for what is all but certain. */
  chance: (probability: number) => boolean
  /** One of the items, each as likely as the others. The list must not be empty. */
  pick: <Item>(items: readonly Item[]) => Item
}

/**
 * Makes dice from a seed (FNV-1a into Mulberry32).
 *
 * @param greedy the dice of temperature 0: `chance` answers with the likelier outcome, without a throw
 */
export const dice = (seed: string, greedy: boolean): Dice => {
  let state = 2166136261
  for (const letter of seed) state = Math.imul(state ^ letter.codePointAt(0)!, 16777619)
  const next = () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  return {
    next,
    // A wrong answer is one of many, so that the right one stays the likeliest until nearly all are wrong.
    chance: (probability) => (greedy ? probability > 0.9 : next() < probability),
    pick: (items) => items[Math.floor(next() * items.length)]!,
  }
}
