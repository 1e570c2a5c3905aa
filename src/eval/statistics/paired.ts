import { randomFrom } from '#core'
import type { Bootstrap, Estimate, Values } from './bootstrap.ts'

/** One recipe against another on the same questions. */
export type Paired = Estimate & {
  /** How likely so large a difference is if it makes no difference which of the two is asked. */
  readonly p: number
  /** Questions on which it is better, and worse. */
  readonly better: number
  readonly worse: number
}

const rounds = 10_000

/** The mean difference, its bootstrapped interval, and the p-value of a two-sided test by random signs (Fisher, 1935). */
export function paired(values: Values, baseline: Values, bootstrap: Bootstrap, seed = 1): Paired | undefined {
  const differences = values.map((value, at) => {
    const other = baseline[at]
    return value === undefined || other === undefined ? undefined : value - other
  })
  const mean = bootstrap.mean(differences)
  if (!mean) return undefined
  const open = differences.filter((difference) => difference !== undefined && Math.abs(difference) > 1e-9) as number[]
  const better = open.filter((difference) => difference > 0).length
  return { ...mean, p: chance(open, seed), better, worse: open.length - better }
}

/** Exact for few questions that differ, by drawing for many. */
function chance(differences: readonly number[], seed: number): number {
  const observed = Math.abs(differences.reduce((sum, difference) => sum + difference, 0)) - 1e-9
  if (differences.length === 0) return 1
  if (differences.length <= 12) {
    const all = 2 ** differences.length
    let extreme = 0
    for (let signs = 0; signs < all; signs++)
      if (Math.abs(differences.reduce((sum, one, at) => sum + ((signs >> at) & 1 ? -one : one), 0)) >= observed)
        extreme++
    return extreme / all
  }
  const random = randomFrom('signs', seed)
  let extreme = 1
  for (let round = 1; round < rounds; round++) {
    let sum = 0
    for (const difference of differences) sum += random() < 0.5 ? -difference : difference
    if (Math.abs(sum) >= observed) extreme++
  }
  return extreme / rounds
}

/** P-values of several tests at once, so that all together are wrong as seldom as one (Holm, 1979). */
export function corrected(chances: readonly number[]): number[] {
  const order = chances.map((_, at) => at).sort((a, b) => chances[a]! - chances[b]!)
  const found = [...chances]
  let least = 0
  for (const [rank, at] of order.entries()) {
    least = Math.max(least, Math.min(1, chances[at]! * (chances.length - rank)))
    found[at] = least
  }
  return found
}
