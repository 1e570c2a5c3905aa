/** A double and a bound on how far off it may be. */
export type Real = { readonly value: number; readonly error: number }

const epsilon = 2 ** -52

/** Undefined where it is no number. */
export const real = (value: number, error = 0): Real | undefined =>
  Number.isFinite(value + error) ? { value, error: error + epsilon * Math.abs(value) } : undefined

/** Undefined where one of the two is too small beside the other to be heard in the sum. */
export function add(a: Real, b: Real): Real | undefined {
  const sizes = [Math.abs(a.value), Math.abs(b.value)]
  const [less, more] = [Math.min(...sizes), Math.max(...sizes)]
  return less > 0 && less < more * 1e-11 ? undefined : real(a.value + b.value, a.error + b.error)
}

export const multiply = (a: Real, b: Real): Real | undefined =>
  real(a.value * b.value, Math.abs(a.value) * b.error + Math.abs(b.value) * a.error + a.error * b.error)

/** A power where it is real, odd roots of negative numbers among them; undefined where the base may be zero. */
export function power(base: Real, exponent: Real, root: 'odd' | 'even' | undefined): Real | undefined {
  if (base.value === 0 && base.error === 0 && exponent.value > 0) return base
  const size = Math.abs(base.value)
  if (base.error >= size / 2) return undefined
  const value = root ? size ** exponent.value : base.value ** exponent.value
  const relative = (Math.abs(exponent.value) * base.error) / size + Math.abs(Math.log(size)) * exponent.error
  const sign = root === 'odd' && base.value < 0 ? -1 : 1
  return real(sign * value, Math.abs(value) * (2 * relative + 4 * epsilon * (1 + Math.abs(exponent.value))))
}

/**
 * A function, as far off as it is a little beside the argument; where it jumps between, it is not known, and where it
 * ends, its end is.
 */
export function applied(apply: (x: number) => number, { value, error }: Real): Real | undefined {
  const step = 2 * (error + epsilon * Math.abs(value))
  const [low, middle, high] = [apply(value - step), apply(value), apply(value + step)]
  if (low !== high && jumps.has(apply)) return undefined
  return real(middle, Math.max(Math.abs(low - middle) || 0, Math.abs(high - middle) || 0))
}

const jumps: ReadonlySet<(x: number) => number> = new Set([Math.floor, Math.ceil, Math.sign])
