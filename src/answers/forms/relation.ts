import { minus, type Node, namesIn } from '../maths/node.ts'
import { parseExpression } from '../maths/parse.ts'
import type { Token } from '../maths/tokens.ts'
import { labelOf } from './labels.ts'
import { interval, regionOf, within } from './region.ts'
import { enclosed, outside, splitAt, written } from './split.ts'
import type { Interval, Value } from './value.ts'

type Read = (tokens: readonly Token[]) => Value | undefined

const signs = '=<>≤≥≠≈≡∈∉→⇒⇔~'
const isSign = ({ kind, text }: Token) => kind === 'sign' && signs.includes(text)

/** Whether a relation sign stands outside all brackets. */
export const isRelation = (tokens: readonly Token[]): boolean => outside(tokens, isSign).length > 0

/** Equations, inequalities and memberships; `read` reads what they are about. */
export function readRelation(tokens: readonly Token[], read: Read): Value | undefined {
  const [exact, approximate] = cutApproximation(tokens)
  const found = outside(exact, isSign).map(({ text }) => text)
  const sides = splitAt(exact, isSign)
  if (found.length === 0) return read(exact)
  if (sides[0]?.length === 0) return found.length === 1 && '=≈∈'.includes(found[0]!) ? read(sides[1]!) : undefined
  if (sides.some((side) => side.length === 0)) return undefined
  if (found.every((sign) => sign === '=')) return equation(sides, read)
  if (found.length === 1 && found[0] === '∈') return within(labelOf(sides[0]!), read(sides[1]!))
  if (found.length === 1 && found[0] === '≠') return unequal(sides, approximate)
  if (found.every((sign) => '<≤'.includes(sign))) return inequality(sides, found)
  if (found.every((sign) => '>≥'.includes(sign))) {
    return inequality(
      sides.toReversed(),
      found.toReversed().map((sign) => (sign === '>' ? '<' : '≤')),
    )
  }
  return undefined
}

/** `= 1/3 ≈ 0.33` means the exact side; where nothing exact stands before it, `x ≈ 0.33` means the number. */
function cutApproximation(tokens: readonly Token[]): [readonly Token[], boolean] {
  const signs = outside(tokens, isSign)
  const at = signs.find(({ text }) => text === '≈')
  if (!at) return [tokens, false]
  const before = tokens.slice(0, tokens.indexOf(at))
  if (before.length > 0 && (signs[0] !== at || labelOf(before) === undefined)) return [before, true]
  return [tokens.map((token) => (token === at ? { ...token, text: '=' } : token)), true]
}

/** A chain of equations comes to its last side. A single one has a name for its left side, or is compared as a whole. */
function equation(sides: readonly (readonly Token[])[], read: Read): Value | undefined {
  const [left, right] = [sides[0]!, sides.at(-1)!]
  const tuple = enclosed(left)
  if (tuple?.open === '(' && outside(tuple.inner, ',').length > 0) return record(tuple.inner, right, read)
  const difference = sides.length === 2 ? differenceOf(left, right) : undefined
  const name = labelOf(left)
  if (name === undefined && difference && labelOf(right) !== undefined && isConstant(left)) {
    const value = read(left)
    return value && { kind: 'named', name: labelOf(right)!, value, difference }
  }
  if (name !== undefined || sides.length > 2 || isConstant(left)) {
    const value = read(right)
    return value && { kind: 'named', name: name ?? '', value, ...(difference ? { difference } : {}) }
  }
  return difference && { kind: 'relation', difference, sign: '=' }
}

const isConstant = (tokens: readonly Token[]) => {
  const node = parseExpression(tokens)
  return node !== undefined && namesIn(node).size === 0
}

function differenceOf(left: readonly Token[], right: readonly Token[]): Node | undefined {
  const [a, b] = [parseExpression(left), parseExpression(right)]
  return a && b && minus(a, b)
}

/** (x, y) = (1, 2): each name with its value. */
function record(names: readonly Token[], right: readonly Token[], read: Read): Value | undefined {
  const value = read(right)
  const labels = splitAt(names, ',').map(labelOf)
  if (value?.kind !== 'tuple' || value.items.length !== labels.length || labels.includes(undefined)) return value
  const items = value.items.map((item, at): Value => ({ kind: 'named', name: labels[at]!, value: item }))
  return { kind: 'list', items, ordered: false }
}

function unequal(sides: readonly (readonly Token[])[], approximate: boolean): Value | undefined {
  const [left, right] = sides
  const name = labelOf(left!)
  const node = parseExpression(right!)
  if (name !== undefined && node && !approximate && namesIn(node).size === 0)
    return regionOf([interval(undefined, node), interval(node, undefined)], name)
  const difference = differenceOf(left!, right!)
  return difference && { kind: 'relation', difference, sign: '≠' }
}

/** Sides in rising order. What stands between two bounds, or is a name beside a constant, is the subject of a region. */
function inequality(sides: readonly (readonly Token[])[], signs: readonly string[]): Value | undefined {
  const [low, middle, high] = sides.map(parseExpression)
  const [from, to = from] = signs.map((sign) => sign === '≤')
  const about = (at: number, region: Interval) => regionOf([region], written(sides[at]!).replaceAll(/[{}\s]/g, ''))
  if (sides.length === 3) return low && high && about(1, interval(low, high, from, to))
  if (sides.length !== 2 || !low || !middle) return undefined
  const [leftConstant, rightConstant] = [namesIn(low).size === 0, namesIn(middle).size === 0]
  if (rightConstant && !leftConstant && labelOf(sides[0]!) !== undefined)
    return about(0, interval(undefined, middle, false, from))
  if (leftConstant && !rightConstant && labelOf(sides[1]!) !== undefined)
    return about(1, interval(low, undefined, from))
  return { kind: 'relation', difference: minus(low, middle), sign: from ? '≤' : '<' }
}
