/** A complex double and a bound on how far off it may be. */
export type Complex = { readonly re: number; readonly im: number; readonly error: number }

const epsilon = 2 ** -52

/** Real results of real arguments must stay real, or every sample would look complex. */
const complex = (re: number, im: number, error: number): Complex => ({
  re,
  im,
  error: error + epsilon * Math.hypot(re, im),
})

export const real = (re: number): Complex => complex(re, 0, 0)
export const size = ({ re, im }: Complex): number => Math.hypot(re, im)
export const isReal = ({ im }: Complex): boolean => im === 0

/** Undefined where one of the two is too small beside the other to be heard in the sum. */
export function add(a: Complex, b: Complex): Complex | undefined {
  const [less, more] = [Math.min(size(a), size(b)), Math.max(size(a), size(b))]
  return less > 0 && less < more * 1e-11 ? undefined : complex(a.re + b.re, a.im + b.im, a.error + b.error)
}

export const multiply = (a: Complex, b: Complex): Complex =>
  complex(
    a.re * b.re - (a.im && b.im && a.im * b.im),
    (a.im && a.im * b.re) + (b.im && a.re * b.im),
    size(a) * b.error + size(b) * a.error + a.error * b.error + epsilon * size(a) * size(b),
  )

/** Undefined where the divisor may be zero. */
export function invert(a: Complex): Complex | undefined {
  const [{ re, im, error }, length] = [a, size(a)]
  if (error >= length / 2) return undefined
  if (im === 0) return complex(1 / re, 0, (2 * error) / re ** 2)
  return complex(re / length ** 2, -im / length ** 2, (2 * error) / length ** 2)
}

/** Principal values; undefined where the error reaches over the branch point. */
export function logarithm(a: Complex): Complex | undefined {
  const length = size(a)
  if (a.error >= length / 2) return undefined
  return complex(
    Math.log(length),
    a.im === 0 ? (a.re < 0 ? Math.PI : 0) : Math.atan2(a.im, a.re),
    (2 * a.error) / length,
  )
}

export function exponential({ re, im, error }: Complex): Complex | undefined {
  const length = Math.exp(re)
  if (error > 0.1 || !Number.isFinite(length)) return undefined
  return complex(
    length * Math.cos(im),
    im && length * Math.sin(im),
    2 * length * (error + epsilon * (Math.abs(re) + Math.abs(im))),
  )
}

/** The principal power; an odd root of a negative number is the real one. */
export function power(base: Complex, exponent: Complex, oddRoot = false): Complex | undefined {
  if (exponent.im === 0 && exponent.re === 0) return real(1)
  if (size(base) === 0) return exponent.re > 0 ? real(0) : undefined
  const whole = exponent.im === 0 && exponent.error <= 1e-9 && Number.isInteger(exponent.re)
  if (base.im === 0 && (base.re > 0 || whole)) {
    const value = base.re ** exponent.re
    if (exponent.im === 0)
      return Number.isFinite(value) ? complex(value, 0, powerError(base, exponent, Math.abs(value))) : undefined
  }
  if (oddRoot && base.im === 0 && exponent.im === 0) {
    const value = power({ ...base, re: -base.re }, exponent)
    return value && { ...value, re: -value.re }
  }
  const log = logarithm(base)
  return log && exponential(multiply(log, exponent))
}

function powerError(base: Complex, exponent: Complex, value: number): number {
  const relative =
    (Math.abs(exponent.re) * base.error) / Math.abs(base.re) + Math.abs(Math.log(Math.abs(base.re))) * exponent.error
  return value * (2 * relative + 4 * epsilon * (1 + Math.abs(exponent.re)))
}

/** A real function with a bound on its slope near the argument; undefined for a complex or uncertain argument. */
export function realFunction(apply: (x: number) => number, slope: (x: number) => number) {
  return ({ re, im, error }: Complex): Complex | undefined => {
    const value = apply(re)
    if (im !== 0 || !Number.isFinite(value)) return undefined
    return complex(value, 0, 2 * Math.abs(slope(re)) * (error + epsilon * Math.abs(re)))
  }
}
