import { exactValue } from './exact.ts'
import { residueOf } from './modular.ts'
import { type Node, symbolsIn } from './node.ts'
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
  const symbols = new Set([...symbolsIn(a), ...symbolsIn(b)])
  // The unit of complex numbers stands at any place in a sample; only the residues know it to be the root of -1.
  const complex = symbols.has('i')
  // Most different expressions differ at the first look.
  if (!complex && compareAt(a, b, points[0]!) === false) return false
  const [x, y] = [residueOf(a), residueOf(b)]
  if (!x || !y) return false
  if (x.value === y.value) return true
  if ((x.whole && y.whole) || [left, right].some((exact) => exact && bits(exact) > 56)) return false
  if ([...symbols].every((name) => 'πe'.includes(name))) return compareAt(a, b, points[0]!) === true
  return tryPoints(a, b, points) ?? tryPoints(a, b, integerPoints) ?? false
}

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

/** Undefined where one of them cannot be told. */
function compareAt(a: Node, b: Node, point: Point): boolean | undefined {
  const [x, y] = [valueAt(a, point), valueAt(b, point)]
  if (!x || !y || uncertain(x) || uncertain(y)) return undefined
  const largest = Math.max(Math.abs(x.value), Math.abs(y.value))
  return Math.abs(x.value - y.value) <= 64 * (x.error + y.error) + 1e-13 * largest
}

/** Digits lost to cancellation leave nothing to compare; a value that cancels to nothing at all is an honest zero. */
const uncertain = ({ value, error }: Real) => error > 1e-8 * Math.abs(value) && error > 1e-11
