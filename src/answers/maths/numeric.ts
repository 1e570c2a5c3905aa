import { type Arithmetic, evaluate } from './evaluate.ts'
import { exactValue } from './exact.ts'
import type { Node } from './node.ts'
import { type Rational, toNumber } from './rational.ts'
import { add, applied, multiply, power, type Real, real } from './real.ts'
import { functions } from './words.ts'

/** One sample: where names stand, and how expressions come to doubles there. */
export type Point = Arithmetic<Real> & { readonly place: (name: string) => Rational }

/**
 * The value at a point in doubles, with an error bound; undefined where there is none that is real, or it cannot be told.
 * The imaginary unit stands at some place like any name: what is equal there as well is equal for any value of it.
 */
export const valueAt = (node: Node, point: Point): Real | undefined => evaluate(node, point)

export function pointAt(place: (name: string) => Rational): Point {
  const number = (value: Rational) => real(toNumber(value))
  return {
    place,
    known: new WeakMap(),
    number,
    name: (name) => (name === 'π' ? real(Math.PI) : name === 'e' ? real(Math.E) : number(place(name))),
    add,
    multiply,
    power: (base, exponent, written) => {
      const { n, d } = exactValue(written) ?? { n: 1n, d: 1n }
      return power(base, exponent, d === 1n || d % 2n === 0n ? undefined : n % 2n === 0n ? 'even' : 'odd')
    },
    call: ([first, second], written) => {
      const exact = exactValue(written)
      if (exact) return number(exact)
      if (!first || second) return undefined
      if (written.name === 'factorial') return factorialOf(first.value)
      const apply = functions[written.name]
      return apply && applied(apply, first)
    },
  }
}

/** Only of whole numbers, for samples at whole numbers. */
function factorialOf(n: number): Real | undefined {
  if (!Number.isInteger(n) || n < 0 || n > 170) return undefined
  let value = 1
  for (let factor = 2; factor <= n; factor++) value *= factor
  return real(value, value * n * 2 ** -52)
}
