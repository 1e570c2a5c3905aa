import { applied, power, type Real, real } from './real.ts'

type Apply = (argument: Real) => Real | undefined

const inside = (x: number) => 1 / Math.sqrt(Math.max(1e-30, 1 - x * x))
const one = () => 1

/** A value that jumps is known only where the argument's error does not reach the jump. */
const stepped =
  (apply: (x: number) => number): Apply =>
  ({ value, error }) =>
    apply(value - 4 * error) === apply(value + 4 * error) ? real(apply(value)) : undefined

const reciprocal =
  (apply: Apply): Apply =>
  (argument) => {
    const value = apply(argument)
    return value && power(value, { value: -1, error: 0 }, undefined)
  }

const sin = applied(Math.sin, one)
const cos = applied(Math.cos, one)
const tan = applied(Math.tan, (x) => 1 / Math.cos(x) ** 2)

/** Functions of one argument by the name that an expression carries. */
export const functions: Readonly<Record<string, Apply>> = {
  sin,
  cos,
  tan,
  cot: reciprocal(tan),
  sec: reciprocal(cos),
  csc: reciprocal(sin),
  sinh: applied(Math.sinh, Math.cosh),
  cosh: applied(Math.cosh, Math.cosh),
  tanh: applied(Math.tanh, one),
  arcsin: applied(Math.asin, inside),
  arccos: applied(Math.acos, inside),
  arctan: applied(Math.atan, one),
  ln: applied(Math.log, (x) => 1 / x),
  abs: applied(Math.abs, one),
  floor: stepped(Math.floor),
  ceil: stepped(Math.ceil),
  sign: stepped(Math.sign),
}
