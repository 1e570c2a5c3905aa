/** An exact fraction in lowest terms; the denominator is positive. */
export type Rational = { readonly n: bigint; readonly d: bigint }

/** Undefined for a zero denominator. */
export function rational(n: bigint, d = 1n): Rational | undefined {
  if (d === 0n) return undefined
  if (d === 1n) return { n, d }
  const sign = d < 0n ? -1n : 1n
  const divisor = gcd(n < 0n ? -n : n, d * sign)
  return divisor === 1n ? { n: n * sign, d: d * sign } : { n: (n * sign) / divisor, d: (d * sign) / divisor }
}

/** A decimal numeral, with an exponent if it has one. Undefined for one too large to be worth its digits. */
export function decimal(numeral: string): Rational | undefined {
  const match = /^([+-]?)(\d*)\.?(\d*)(?:[eE]([+-]?\d+))?$/.exec(numeral)
  if (!match || numeral.length > longest) return undefined
  const [, sign, whole = '', decimals = '', power = '0'] = match
  const exponent = Number(power) - decimals.length
  if (whole + decimals === '' || Math.abs(exponent) > longest) return undefined
  const digits = BigInt(whole + decimals) * (sign === '-' ? -1n : 1n)
  return exponent < 0 ? rational(digits, 10n ** BigInt(-exponent)) : { n: digits * 10n ** BigInt(exponent), d: 1n }
}

export const plus = (a: Rational, b: Rational): Rational => rational(a.n * b.d + b.n * a.d, a.d * b.d)!

export const times = (a: Rational, b: Rational): Rational => rational(a.n * b.n, a.d * b.d)!

/** An integer power, undefined for 0 to a negative one and for results of more than some thousands of bits. */
export function raised(base: Rational, exponent: bigint): Rational | undefined {
  const size = exponent < 0n ? -exponent : exponent
  if (size > 4000n || bits(base) * Number(size) > largest) return undefined
  if (exponent >= 0n) return { n: base.n ** size, d: base.d ** size }
  return rational(base.d ** size, base.n ** size)
}

/** The exact root of a perfect power, undefined for all else. Odd roots of negative numbers are negative. */
export function root(value: Rational, index: number): Rational | undefined {
  if (value.n < 0n && index % 2 === 0) return undefined
  const n = exactRoot(value.n < 0n ? -value.n : value.n, index)
  const d = exactRoot(value.d, index)
  return n === undefined || d === undefined ? undefined : { n: value.n < 0n ? -n : n, d }
}

/** How long its digits are; exact arithmetic beyond some thousands of bits is not worth its time. */
export const bits = ({ n, d }: Rational): number => (n.toString(16).length + d.toString(16).length) * 4

/** As a double; not a number where numerator or denominator are beyond all doubles. */
export const toNumber = ({ n, d }: Rational): number => Number(n) / Number(d) + 0 * Number(d)

const longest = 2000
const largest = 40_000

const gcd = (a: bigint, b: bigint): bigint => {
  let [x, y] = [a, b]
  while (y !== 0n) [x, y] = [y, x % y]
  return x
}

/** A root of more digits than a double has is not found. */
function exactRoot(value: bigint, index: number): bigint | undefined {
  if (index === 1) return value
  const guess = Number(value) ** (1 / index)
  const near = Number.isFinite(guess) ? BigInt(Math.round(guess)) : 0n
  return near ** BigInt(index) === value ? near : undefined
}
