import { exactValue } from './exact.ts'
import { type Residue, residueOf } from './modular.ts'
import { contains, type Node, namesIn } from './node.ts'
import { type Point, valueAt } from './numeric.ts'
import { integerPoints, points } from './points.ts'
import { bits } from './rational.ts'
import type { Real } from './real.ts'

/**
 * Whether two expressions are equal wherever both are real. Fractions and rational functions are decided exactly; the
 * rest is sampled, one clear difference being final. Not equal if in doubt: no double can vouch for a fraction of more than
 * fifty bits, as for the whole number next to exp(pi sqrt(163)).
 */
export function sameExpression(a: Node, b: Node): boolean {
  const [left, right] = [exactValue(a), exactValue(b)]
  if (left && right) return left.n === right.n && left.d === right.d
  if (differsAtOnce(a, b)) return false
  const [x, y] = [residue(a), residue(b)]
  if (!x || !y) return false
  if (x.value === y.value) return true
  if ((x.whole && y.whole) || [left, right].some((exact) => exact && bits(exact) > 56)) return false
  return sampledEqual(a, b)
}

const residues = new WeakMap<Node, Residue | undefined>()
const firstValues = new WeakMap<Node, Real | undefined>()

/** Members of lists are compared with many others. */
function residue(node: Node): Residue | undefined {
  if (!residues.has(node)) residues.set(node, residueOf(node))
  return residues.get(node)
}

function firstValue(node: Node): Real | undefined {
  if (!firstValues.has(node)) firstValues.set(node, valueAt(node, points[0]!))
  return firstValues.get(node)
}

/** Most different expressions differ at the first look. */
function differsAtOnce(a: Node, b: Node): boolean {
  return !isComplex(a) && !isComplex(b) && judged(firstValue(a), firstValue(b)) === false
}

function sampledEqual(a: Node, b: Node): boolean {
  if (namesIn(a).size + namesIn(b).size === 0 && !isComplex(a) && !isComplex(b))
    return compareAt(a, b, points[0]!) === true
  return tryPoints(a, b, points) ?? tryPoints(a, b, integerPoints) ?? false
}

/** Its unit stands at any place in a sample, which only the residues know to be the root of -1. */
const isComplex = (node: Node) => contains(node, (part) => part.kind === 'constant' && part.name === 'i')

/** Undefined if fewer than three samples tell anything. */
function tryPoints(a: Node, b: Node, at: readonly Point[]): boolean | undefined {
  let told = 0
  for (const point of at) {
    const equal = compareAt(a, b, point)
    if (equal === false) return false
    if (equal) told++
  }
  return told >= 3 ? true : undefined
}

const compareAt = (a: Node, b: Node, point: Point) => judged(valueAt(a, point), valueAt(b, point))

/** Undefined where one of them cannot be told. */
function judged(x: Real | undefined, y: Real | undefined): boolean | undefined {
  if (!x || !y || uncertain(x) || uncertain(y)) return undefined
  const largest = Math.max(Math.abs(x.value), Math.abs(y.value))
  return Math.abs(x.value - y.value) <= 64 * (x.error + y.error) + 1e-13 * largest
}

/** Digits lost to cancellation leave nothing to compare; a value that cancels to nothing at all is an honest zero. */
const uncertain = ({ value, error }: Real) => error > 1e-8 * Math.abs(value) && error > 1e-11
