import { closestMatch } from 'leven'

/** " Did you mean …?" for a word that is at most a few letters off a known one; nothing otherwise. */
export function nearest(word: string, known: readonly string[]): string {
  const found = closestMatch(word, known, { maxDistance: Math.max(1, Math.floor(word.length / 3)) })
  return found === undefined ? '' : ` Did you mean "${found}"?`
}
