/** P(X > 1/2) for X ~ Beta(a, b) with whole a, b: a binomial tail (Aggarwal et al., 2023). */
export function betaAboveHalf(a: number, b: number): number {
  const n = a + b - 1
  let term = 0.5 ** n
  let sum = 0
  for (let k = 0; k < a; k++) {
    sum += term
    term *= (n - k) / (k + 1)
  }
  return sum
}
