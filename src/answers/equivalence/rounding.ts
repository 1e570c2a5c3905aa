import type { Quantity } from '../forms/value.ts'
import { namesIn } from '../maths/node.ts'
import { valueAt } from '../maths/numeric.ts'
import { points } from '../maths/points.ts'

/** Whether a decimal has all the digits of a double, so that it was computed from the other value and not chosen. */
export const computedFrom = (rounded: Quantity, precise: Quantity): boolean =>
  significant(rounded) >= 12 && significant(precise) === 0 && roundsTo(rounded, precise)

const significant = ({ numeral = '' }: Quantity) =>
  numeral.includes('.') ? numeral.replaceAll(/[^\d]/g, '').replace(/^0+/, '').length : 0

/**
 * Whether a decimal is what the other, more precise value rounds to: half a unit in its last place, and at least three
 * digits, or two behind the point. Not transitive, so it is off by default.
 */
export function roundsTo(rounded: Quantity, precise: Quantity): boolean {
  const { numeral, percent } = rounded
  if (!numeral || percent !== precise.percent || namesIn(precise.node).size > 0) return false
  const [, whole = '', decimals = ''] = /^(\d*)\.?(\d*)$/.exec(numeral.replaceAll(/[, ]/g, '')) ?? []
  const digits = (whole + decimals).replace(/^0+/, '').length
  if (digits < 3 && decimals.length < 2) return false
  const others = precise.numeral?.split('.')[1]?.length
  if (others !== undefined && others <= decimals.length) return false
  const [a, b] = [valueAt(rounded.node, points[0]!), valueAt(precise.node, points[0]!)]
  if (!a || !b) return false
  const step = 10 ** -decimals.length * (percent ? 0.01 : 1)
  return Math.abs(a.value - b.value) <= step * 0.5000001
}
