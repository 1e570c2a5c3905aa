import { exactValue } from './exact.ts'
import { functions } from './functions.ts'
import type { Node } from './node.ts'
import { type Rational, rational, toNumber } from './rational.ts'
import { add, multiply, power, type Real, real } from './real.ts'

/** Where the names of an expression stand in one sample. */
export type Point = (name: string) => Rational

/**
 * The value at a point in doubles, with an error bound; undefined where there is none that is real, or it cannot be told.
 * The imaginary unit stands at some place like any name: what is equal there as well is equal for any value of it.
 */
export function valueAt(node: Node, point: Point): Real | undefined {
  switch (node.kind) {
    case 'number':
      return real(toNumber(node.value))
    case 'name':
      return real(toNumber(point(node.name)))
    case 'constant':
      return real(node.name === 'π' ? Math.PI : node.name === 'e' ? Math.E : toNumber(point('i')))
    case 'sum':
      return fold(node.of, add, 0, point)
    case 'product':
      return fold(node.of, multiply, 1, point)
    case 'power':
      return powerAt(node.base, node.exponent, point)
    case 'call':
      return callAt(node, point)
  }
}

function fold(
  parts: readonly Node[],
  join: (a: Real, b: Real) => Real | undefined,
  start: number,
  point: Point,
): Real | undefined {
  let value = real(start)
  for (const part of parts) {
    const next = valueAt(part, point)
    value = next && value && join(value, next)
    if (!value) return undefined
  }
  return value
}

function powerAt(base: Node, exponent: Node, point: Point): Real | undefined {
  const index = exactValue(exponent)
  const [below, above] = [valueAt(base, point), valueAt(exponent, point)]
  const root = index && index.d > 1n && index.d % 2n === 1n ? (index.n % 2n === 0n ? 'even' : 'odd') : undefined
  return below && above && power(below, above, root)
}

function callAt(node: Node & { kind: 'call' }, point: Point): Real | undefined {
  const { name, of } = node
  const exact = exactValue(node)
  if (exact) return real(toNumber(exact))
  const [first, second] = of.map((part) => valueAt(part, point))
  if (!first) return undefined
  if (name === 'log') {
    const [top, below] = [functions['ln']!(first), second && functions['ln']!(second)]
    const inverse = below && power(below, { value: -1, error: 0 }, undefined)
    return top && inverse && multiply(top, inverse)
  }
  if (name === 'factorial' || name === 'binomial') return countedAt(name, first, second)
  return Object.hasOwn(functions, name) ? functions[name]!(first) : undefined
}

/** Factorials and binomials at whole numbers, for samples at whole numbers. */
function countedAt(name: string, ...parts: readonly (Real | undefined)[]): Real | undefined {
  const of = parts.flatMap((part) => (part ? [part.value] : []))
  if (of.some((value) => !Number.isInteger(value) || value < 0 || value > 170)) return undefined
  const nodes = of.map((value): Node => ({ kind: 'number', value: rational(BigInt(value))! }))
  const exact = exactValue({ kind: 'call', name, of: nodes })
  return exact && real(toNumber(exact))
}
