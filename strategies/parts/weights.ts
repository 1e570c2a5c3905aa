/** Missing scores as the mean of the others. */
export function filled(scores: readonly (number | undefined)[]): number[] {
  const known = scores.filter((score) => score !== undefined)
  const mean = known.length > 0 ? known.reduce((sum, score) => sum + score, 0) / known.length : 0.5
  return scores.map((score) => score ?? mean)
}

/** The log of the odds, clipped so that a certain score stays finite. */
export function logit(score: number): number {
  const clipped = Math.min(1 - 1e-7, Math.max(1e-7, score))
  return Math.log(clipped / (1 - clipped))
}

/** Shares that add up to 1. */
export function softmax(values: readonly number[], temperature = 1): number[] {
  const most = Math.max(...values)
  const powers = values.map((value) => Math.exp((value - most) / temperature))
  const sum = powers.reduce((sum, power) => sum + power, 0)
  return powers.map((power) => power / sum)
}

/**
 * REBASE's children of each node: best first, every node gets its share of what is left of the width, rounded up, so that
 * all of it is given away and the worst may get none (Wu et al., 2024).
 */
export function allocated(scores: readonly number[], width: number, temperature: number): number[] {
  const counts = scores.map(() => 0)
  const order = [...scores.keys()].sort((a, b) => scores[b]! - scores[a]!)
  let left = Math.max(0, width)
  for (const [rank, at] of order.entries()) {
    const [share] = softmax(
      order.slice(rank).map((other) => scores[other]!),
      temperature,
    )
    // A third of 3 is 1, whatever floating point makes of it.
    counts[at] = Math.min(left, Math.ceil(left * share! * (1 - 1e-9)))
    left -= counts[at]
  }
  return counts
}

/**
 * Systematic resampling: `n` places by weight from one random number, so that each is drawn the whole number below or
 * above its share of times, and never by luck many times more. Places of equal weight stand together, for a comb over
 * heavy and light ones by turns would take all of one kind or none.
 */
export function resampled(weights: readonly number[], n: number, random: () => number): number[] {
  const order = [...weights.keys()].sort((a, b) => weights[b]! - weights[a]!)
  const start = random()
  const places: number[] = []
  let reached = 0
  for (const [rank, at] of order.entries()) {
    reached += weights[at]!
    const last = rank === order.length - 1
    while (places.length < n && (last || (start + places.length) / n < reached)) places.push(at)
  }
  return places
}

/** A width shared out evenly, the first getting what is left over. */
export const evenly = (width: number, among: number): number[] =>
  Array.from({ length: among }, (_, at) => Math.floor(width / among) + (at < width % among ? 1 : 0))
