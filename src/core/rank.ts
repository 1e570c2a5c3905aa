import type { Completion } from './model.ts'

/** The items by value in [0, ∞), highest first; missing values last, and equal ones in the order they stood in. */
export const rankBy = <T>(items: readonly T[], value: (item: T) => number | undefined): T[] =>
  items.toSorted((a, b) => (value(b) ?? -1) - (value(a) ?? -1))

/** The first of some distinct answers, best first, with the others behind it for a client that asked for `n`. */
export function chosen([first, ...others]: readonly Completion[]): Completion {
  if (!first) throw new Error('There is nothing to choose from.')
  return others.length > 0 ? { ...first, others } : first
}
