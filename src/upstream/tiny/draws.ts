import { hash } from '#core'

/** A stream of numbers from 0 up to, not including, 1: the same for the same seed and sample, everywhere (Mulberry32). */
export function draws(seed: number | string, sample: number): () => number {
  let state = hash(seed, sample)
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
