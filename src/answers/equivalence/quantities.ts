import { type Unit, unitOf } from '../forms/units.ts'
import type { Quantity } from '../forms/value.ts'
import { named, number, product } from '../maths/node.ts'
import { decimal } from '../maths/rational.ts'
import { sameExpression } from '../maths/same.ts'
import type { Policy } from './policy.ts'
import { computedFrom, roundsTo } from './rounding.ts'

/** Amounts of the same unit, or with a unit on one side only. N% is N/100, or N by policy. */
export function sameQuantity(a: Quantity, b: Quantity, policy: Policy): boolean {
  const [left, right] = [amount(a, policy), amount(b, policy)]
  const comparable = a.unit === b.unit || !a.unit || !b.unit
  if (comparable && sameExpression(left.node, right.node)) return true
  if (policy.unitConvert && a.unit !== b.unit && sameConverted(left, right)) return true
  if (!comparable) return false
  const rounds = policy.rounding ? roundsTo : computedFrom
  return rounds(left, right) || rounds(right, left)
}

function amount(quantity: Quantity, policy: Policy): Quantity {
  if (!quantity.percent || policy.percentAsNumber || policy.percent) return quantity
  return { ...quantity, node: product(quantity.node, number(1n, 100n)) }
}

/** Bare numbers are radians beside degrees. */
function sameConverted(a: Quantity, b: Quantity): boolean {
  const [from, to] = [unitOf(a.unit || 'radian'), unitOf(b.unit || 'radian')]
  return from !== undefined && from.base === to?.base && sameExpression(converted(a, from), converted(b, to))
}

const converted = ({ node }: Quantity, { name, factor }: Unit) =>
  name === 'degree'
    ? product(node, named('π'), number(1n, 180n))
    : product(node, { kind: 'number', value: decimal(String(factor))! })
