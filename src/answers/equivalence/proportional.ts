import { inverse, isConstant, type Node, namesIn, product } from '../maths/node.ts'
import { type Point, valueAt } from '../maths/numeric.ts'
import { points } from '../maths/points.ts'
import { sameExpression } from '../maths/same.ts'

/**
 * Whether two equations, each brought to the form "difference = 0", say the same: their differences are a constant apart,
 * for inequalities a positive one. That constant is what the differences have at one sample; the rest must agree.
 */
export function proportional(a: Node, b: Node, positive: boolean): boolean {
  const [names, others] = [namesIn(a), namesIn(b)]
  if (names.size === 0 || names.symmetricDifference(others).size > 0) return false
  const ratio = product(a, inverse(b))
  for (const point of points.slice(0, 3)) {
    const value = valueAt(ratio, point)
    if (!value?.value) continue
    if (positive && value.value < 0) return false
    return sameExpression(product(a, at(b, point)), product(b, at(a, point)))
  }
  return false
}

/** The expression with its names replaced by where they stand at a point. */
function at(node: Node, point: Point): Node {
  if (node.kind === 'name') return isConstant(node.name) ? node : { kind: 'number', value: point.place(node.name) }
  return 'of' in node ? { ...node, of: node.of.map((part) => at(part, point)) } : node
}
