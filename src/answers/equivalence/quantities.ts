import { unitOf } from '../forms/units.ts'
import type { Quantity } from '../forms/value.ts'
import { named, number, product } from '../maths/node.ts'
import { decimal, rational } from '../maths/rational.ts'
import { sameExpression } from '../maths/same.ts'
import type { Policy } from './policy.ts'
import { computedFrom, roundsTo } from './rounding.ts'

/** Amounts of the same unit, or with a unit on one side only. N% is N/100, or N by policy. */
export function sameQuantity(a: Quantity, b: Quantity, policy: Policy): boolean {
  const [left, right] = [amount(a, policy), amount(b, policy)]
  if (a.unit !== b.unit && a.unit && b.unit) return policy.unitConvert === true && sameConverted(left, right)
  if (sameExpression(left.node, right.node)) return true
  if (computedFrom(left, right) || computedFrom(right, left)) return true
  if (policy.unitConvert && (a.unit === 'degree') !== (b.unit === 'degree') && sameAngle(left, right)) return true
  return policy.rounding === true && (roundsTo(left, right) || roundsTo(right, left))
}

function amount(quantity: Quantity, policy: Policy): Quantity {
  if (!quantity.percent || policy.percentAsNumber || policy.percent) return quantity
  return { ...quantity, node: product(quantity.node, number(1n, 100n)) }
}

function sameConverted(a: Quantity, b: Quantity): boolean {
  const [from, to] = [unitOf(a.unit), unitOf(b.unit)]
  if (!from || !to || from.base !== to.base || !convertible.has(from.base)) return false
  return sameExpression(product(a.node, factor(from.factor)), product(b.node, factor(to.factor)))
}

const convertible: ReadonlySet<string> = new Set(['m', 'g', 's', 'l'])

const factor = (value: number) => ({ kind: 'number', value: decimal(String(value)) ?? rational(1n)! }) as const

/** Degrees on one side, radians on the other. */
function sameAngle(a: Quantity, b: Quantity): boolean {
  const [degrees, radians] = a.unit === 'degree' ? [a, b] : [b, a]
  return sameExpression(product(degrees.node, named('π'), number(1n, 180n)), radians.node)
}
