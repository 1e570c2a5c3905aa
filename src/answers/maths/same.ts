import { type Complex, isReal, size } from './complex.ts'
import { exactValue } from './exact.ts'
import { type Residue, residueOf } from './modular.ts'
import { type Node, namesIn } from './node.ts'
import { type Point, valueAt } from './numeric.ts'
import { integerPoints, points } from './points.ts'
import { bits } from './rational.ts'

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
const firstValues = new WeakMap<Node, Complex | undefined>()

/** Members of lists are compared with many others. */
function residue(node: Node): Residue | undefined {
  if (!residues.has(node)) residues.set(node, residueOf(node))
  return residues.get(node)
}

function firstValue(node: Node): Complex | undefined {
  if (!firstValues.has(node)) firstValues.set(node, valueAt(node, points[0]!))
  return firstValues.get(node)
}

/** Most different expressions differ at the first look. */
function differsAtOnce(a: Node, b: Node): boolean {
  const compared = judged(firstValue(a), firstValue(b))
  return compared?.real === true && !compared.equal
}

function sampledEqual(a: Node, b: Node): boolean {
  const names = new Set([...namesIn(a), ...namesIn(b)])
  if (names.size === 0) return compareAt(a, b, points[0]!)?.equal === true
  const reals = tryPoints(a, b, points, true)
  if (reals !== undefined) return reals
  return tryPoints(a, b, points, false) ?? tryPoints(a, b, integerPoints, false) ?? false
}

/** Undefined if fewer than three samples tell anything. */
function tryPoints(a: Node, b: Node, at: readonly Point[], realOnly: boolean): boolean | undefined {
  let told = 0
  for (const point of at) {
    const compared = compareAt(a, b, point)
    if (!compared || (realOnly && !compared.real)) continue
    if (!compared.equal) return false
    told++
  }
  return told >= 3 ? true : undefined
}

const compareAt = (a: Node, b: Node, point: Point) => judged(valueAt(a, point), valueAt(b, point))

function judged(x: Complex | undefined, y: Complex | undefined): { equal: boolean; real: boolean } | undefined {
  if (!x || !y || uncertain(x) || uncertain(y)) return undefined
  const apart = Math.hypot(x.re - y.re, x.im - y.im)
  const equal = apart <= 64 * (x.error + y.error) + 1e-13 * Math.max(size(x), size(y))
  return { equal, real: isReal(x) && isReal(y) }
}

/** Digits lost to cancellation leave nothing to compare; a value that cancels to nothing at all is an honest zero. */
const uncertain = (value: Complex) => value.error > 1e-8 * size(value) && value.error > 1e-11
