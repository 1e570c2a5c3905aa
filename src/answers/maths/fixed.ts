/** Real numbers as whole multiples of 2^-320: about ninety digits after the point, for what doubles cannot tell apart. */
export type Fixed = bigint

export const places = 320n
export const one: Fixed = 1n << places

export const times = (a: Fixed, b: Fixed): Fixed => (a * b) >> places

export const over = (a: Fixed, b: Fixed): Fixed | undefined => (b === 0n ? undefined : (a << places) / b)

export function squareRoot(value: Fixed): Fixed | undefined {
  if (value <= 0n) return value === 0n ? 0n : undefined
  const target = value << places
  let guess = 1n << BigInt((target.toString(2).length + 1) >> 1)
  while (true) {
    const next = (guess + target / guess) >> 1n
    if (next >= guess) return guess
    guess = next
  }
}

export function exponential(value: Fixed): Fixed | undefined {
  const doublings = value / logTwo
  if (doublings > 2000n || doublings < -2000n) return undefined
  const rest = series(value - doublings * logTwo, (term, argument, n) => times(term, argument) / n)
  return doublings < 0n ? rest >> -doublings : rest << doublings
}

export function logarithm(value: Fixed): Fixed | undefined {
  if (value <= 0n) return undefined
  const doublings = BigInt(value.toString(2).length) - places
  const near = doublings < 0n ? value << -doublings : value >> doublings
  return doublings * logTwo + logarithmNear(near)
}

export function cosine(value: Fixed): Fixed {
  const square = times(value % (2n * pi), value % (2n * pi))
  return series(square, (term, argument, n) => -times(term, argument) / (2n * n * (2n * n - 1n)))
}

export const sine = (value: Fixed): Fixed => cosine(value - pi / 2n)

export function arctangent(value: Fixed): Fixed {
  let [argument, doublings] = [value, 0n]
  for (; doublings < 5n; doublings++) argument = over(argument, one + squareRoot(one + times(argument, argument))!)!
  return odd(argument, -1n) << doublings
}

/** The sum of terms each made from the one before, until they vanish. */
function series(argument: Fixed, next: (term: Fixed, argument: Fixed, n: bigint) => Fixed): Fixed {
  let [sum, term] = [0n, one]
  for (let n = 1n; term !== 0n && term !== -1n && n < 2000n; n++) {
    sum += term
    term = next(term, argument, n)
  }
  return sum
}

/** x + s x^3/3 + x^5/5 + s x^7/7 ...: the arctangent for s = -1, its hyperbolic sister for s = 1. */
function odd(argument: Fixed, sign: bigint): Fixed {
  const square = times(argument, argument) * sign
  let [sum, power] = [0n, argument]
  for (let n = 1n; power !== 0n && power !== -1n && n < 4000n; n += 2n) {
    sum += power / n
    power = times(power, square)
  }
  return sum
}

const logarithmNear = (value: Fixed) => 2n * odd(over(value - one, value + one)!, 1n)
const logTwo = logarithmNear(2n * one)

/** Machin's formula. */
export const pi: Fixed = 16n * odd(one / 5n, -1n) - 4n * odd(one / 239n, -1n)
