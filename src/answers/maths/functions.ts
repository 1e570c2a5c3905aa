import { type Complex, exponential, logarithm, realFunction, size } from './complex.ts'

type Apply = (argument: Complex) => Complex | undefined

const inside = (x: number) => 1 / Math.sqrt(Math.max(1e-30, 1 - x * x))

/** A value that jumps is known only where the argument's error does not reach the jump. */
const stepped =
  (apply: (x: number) => number): Apply =>
  ({ re, im, error }) =>
    im === 0 && apply(re - 4 * error) === apply(re + 4 * error) ? { re: apply(re), im: 0, error: 0 } : undefined

const reciprocal =
  (apply: Apply): Apply =>
  (argument) => {
    const value = apply(argument)
    if (!value || value.im !== 0 || Math.abs(value.re) <= 2 * value.error) return undefined
    return { re: 1 / value.re, im: 0, error: (2 * value.error) / value.re ** 2 + 2 ** -52 / Math.abs(value.re) }
  }

const sin = realFunction(Math.sin, () => 1)
const cos = realFunction(Math.cos, () => 1)
const tan = realFunction(Math.tan, (x) => 1 / Math.cos(x) ** 2)
const sinh = realFunction(Math.sinh, Math.cosh)
const cosh = realFunction(Math.cosh, Math.cosh)
const tanh = realFunction(Math.tanh, () => 1)

/** Functions of one argument by the name that an expression carries. */
export const functions: Readonly<Record<string, Apply>> = {
  sin,
  cos,
  tan,
  sinh,
  cosh,
  tanh,
  cot: reciprocal(tan),
  sec: reciprocal(cos),
  csc: reciprocal(sin),
  arcsin: realFunction(Math.asin, inside),
  arccos: realFunction(Math.acos, inside),
  arctan: realFunction(Math.atan, () => 1),
  arcsinh: realFunction(Math.asinh, () => 1),
  arccosh: realFunction(Math.acosh, (x) => 1 / Math.sqrt(Math.max(1e-30, x * x - 1))),
  arctanh: realFunction(Math.atanh, (x) => 1 / Math.max(1e-30, 1 - x * x)),
  exp: exponential,
  ln: logarithm,
  abs: (argument) => ({ re: size(argument), im: 0, error: argument.error + 2 ** -52 * size(argument) }),
  floor: stepped(Math.floor),
  ceil: stepped(Math.ceil),
  sign: stepped(Math.sign),
}
