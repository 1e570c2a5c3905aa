import { type Complex, isReal, size } from './complex.ts'
import { exactValue } from './exact.ts'
import { residueOf } from './modular.ts'
import { type Node, namesIn } from './node.ts'
import { type Point, valueAt } from './numeric.ts'
import { differsPrecisely } from './precise.ts'
import { integerPoints, points } from './points.ts'

/**
 * Whether two expressions are equal wherever both are real. Fractions and rational functions are decided exactly; the
 * rest is sampled, one clear difference being final, and then looked at again with forty digits. Not equal if in doubt.
 */
export function sameExpression(a: Node, b: Node): boolean {
  const [left, right] = [exactValue(a), exactValue(b)]
  if (left && right) return left.n === right.n && left.d === right.d
  const [x, y] = [residueOf(a), residueOf(b)]
  if (!x || !y) return false
  if (x.value === y.value) return true
  if (x.whole && y.whole) return false
  return sampledEqual(a, b) && !differsPrecisely(a, b)
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

function compareAt(a: Node, b: Node, point: Point): { equal: boolean; real: boolean } | undefined {
  const [x, y] = [valueAt(a, point), valueAt(b, point)]
  if (!x || !y || uncertain(x) || uncertain(y)) return undefined
  const apart = Math.hypot(x.re - y.re, x.im - y.im)
  const equal = apart <= 64 * (x.error + y.error) + 1e-13 * Math.max(size(x), size(y))
  return { equal, real: isReal(x) && isReal(y) }
}

/** Digits lost to cancellation leave nothing to compare; a value that cancels to nothing at all is an honest zero. */
const uncertain = (value: Complex) => value.error > 1e-8 * size(value) && value.error > 1e-11
