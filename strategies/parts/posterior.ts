/**
 * What is believed of the scores that an arm gives: normal with unknown mean and variance, as a normal-inverse-chi-squared
 * distribution. The mean is about `mean`, as if `kappa` scores had been seen; the variance about `tau2`, as if `nu` had.
 */
export type Posterior = { readonly mean: number; readonly kappa: number; readonly nu: number; readonly tau2: number }

/** What AB-MCTS believes of an arm that was never tried (Inoue et al., 2025). */
export const prior: Posterior = { mean: 0, kappa: 1, nu: 1, tau2: 0.1 }

/** What is believed after some scores, in whatever order they came. */
export function updated({ mean, kappa, nu, tau2 }: Posterior, scores: readonly number[]): Posterior {
  const n = scores.length
  if (n === 0) return { mean, kappa, nu, tau2 }
  const average = scores.reduce((sum, score) => sum + score, 0) / n
  const squares = scores.reduce((sum, score) => sum + (score - average) ** 2, 0)
  const shift = (n * kappa * (average - mean) ** 2) / (kappa + n)
  return {
    mean: (kappa * mean + n * average) / (kappa + n),
    kappa: kappa + n,
    nu: nu + n,
    tau2: (nu * tau2 + squares + shift) / (nu + n),
  }
}

/** A mean that the arm may well have, drawn for Thompson sampling. */
export function draw({ mean, kappa, nu, tau2 }: Posterior, random: () => number): number {
  const variance = (nu * tau2) / chiSquared(nu, random)
  return mean + normal(random) * Math.sqrt(variance / kappa)
}

/** Of a whole number of degrees of freedom, by its definition. */
function chiSquared(degrees: number, random: () => number): number {
  let sum = 0
  for (let i = 0; i < degrees; i++) sum += normal(random) ** 2
  return sum
}

/** Box and Muller's; 1 - u is never 0, whose logarithm there is none of. */
const normal = (random: () => number) => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
