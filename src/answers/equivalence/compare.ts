import { asRegion } from '../forms/region.ts'
import { textKey } from '../forms/text.ts'
import type { Interval, List, Named, Region, Tuple, Value } from '../forms/value.ts'
import type { Node } from '../maths/node.ts'
import { sameExpression } from '../maths/same.ts'
import type { Policy } from './policy.ts'
import { proportional } from './proportional.ts'
import { sameQuantity } from './quantities.ts'

/** Whether two values are the same under a policy; symmetric. */
export function sameValue(a: Value, b: Value, policy: Policy): boolean {
  return oneWay(a, b, policy) ?? oneWay(b, a, policy) ?? false
}

/** Undefined where no rule for this pair of kinds stands in this order. */
function oneWay(a: Value, b: Value, policy: Policy): boolean | undefined {
  const same = (x: Value, y: Value) => sameValue(x, y, policy)
  if (a.kind === 'named') return sameNamed(a, b, same, policy)
  if (a.kind === 'list') return sameList(a, b, same, policy)
  if (a.kind === 'region') {
    const region = asRegion(b)
    return region && sameRegion(a, region, policy)
  }
  if (a.kind === 'text' && b.kind === a.kind) return a.key === b.key
  if (a.kind === 'choice' && b.kind === a.kind)
    return a.letter === b.letter && (!a.rest || !b.rest || textKey(a.rest) === textKey(b.rest))
  if (a.kind === 'quantity' && b.kind === a.kind) return sameQuantity(a, b, policy)
  if (a.kind === 'tuple' && b.kind === a.kind) return sameTuple(a, b, same, policy)
  if (a.kind === 'ratio' && b.kind === a.kind) return a.literal === b.literal && inOrder(a.items, b.items, same)
  if (a.kind === 'relation' && b.kind === a.kind)
    return a.sign === b.sign && proportional(a.difference, b.difference, '<≤'.includes(a.sign))
  return undefined
}

type Same = (a: Value, b: Value) => boolean

/** A name matters only against another name; y = x/2 + 1 is also the equation that it is. */
function sameNamed(a: Named, b: Value, same: Same, policy: Policy): boolean {
  const asEquation = (other: Node | undefined) =>
    a.difference !== undefined && other !== undefined && proportional(a.difference, other, false)
  if (b.kind === 'relation') return b.sign === '=' && asEquation(b.difference)
  if (b.kind !== 'named') return same(a.value, b)
  return sameSubject(a.name, b.name, policy) ? same(a.value, b.value) : asEquation(b.difference)
}

const sameSubject = (a: string | undefined, b: string | undefined, { strictVariables }: Policy) =>
  !a || !b || a === b || strictVariables === false

/** Members in any order, unless a gap shows that the order is meant. A single member is also the member itself. */
function sameList(a: List, b: Value, same: Same, policy: Policy): boolean | undefined {
  if (b.kind === 'list') {
    if (isRecord(a) !== isRecord(b)) return isRecord(a) ? sameAsRecord(b, a, same) : sameAsRecord(a, b, same)
    if (!sameSubject(a.subject, b.subject, policy)) return false
    const ordered = a.ordered || b.ordered || (policy.unordered === false && !isRecord(a))
    return (ordered ? inOrder : inAnyOrder)(a.items, b.items, same)
  }
  if (a.items.length === 1 && !a.ordered) return same(a.items[0]!, b)
  if (b.kind !== 'tuple') return undefined
  const vector = b.open === '[' && b.close === ']' && b.items.length !== 2
  return (policy.tupleEqualsList || vector || isRecord(a)) && inOrder(a.items, b.items, same)
}

const isRecord = ({ items }: List) => items.length > 1 && items.every(({ kind }) => kind === 'named')

/** Values of one name may be indexed in a record, and come in any order then; otherwise they follow the record's names. */
function sameAsRecord({ items, subject }: List, record: List, same: Same): boolean {
  const names = record.items.map((item) => (item.kind === 'named' ? item.name : ''))
  const [base, ...others] = new Set(names.map((name) => name.replace(/_?\d+$/, '')))
  if (subject && (others.length > 0 || subject !== base)) return false
  const indexed = others.length === 0 && names.every((name) => /\d$/.test(name))
  return (indexed ? inAnyOrder : inOrder)(items, record.items, same)
}

/** The brackets of a pair may be those of an interval. */
function sameTuple(a: Tuple, b: Tuple, same: Same, policy: Policy): boolean {
  const open = a.open + b.open
  // Angle brackets are only ever those of vectors, which are often written with parentheses.
  const vectors = open.includes('⟦') || (open.includes('⟨') && !open.includes('['))
  const alike = a.open === b.open && a.close === b.close
  const pair = a.items.length === 2 && policy.boundaryStrict !== false && !vectors
  return (!pair || alike) && inOrder(a.items, b.items, same)
}

function sameRegion(a: Region, b: Region, policy: Policy): boolean {
  const strict = policy.boundaryStrict !== false
  return (
    sameSubject(a.subject, b.subject, policy) &&
    a.parts.length === b.parts.length &&
    a.parts.every((part, at) => sameInterval(part, b.parts[at]!, strict))
  )
}

function sameInterval(a: Interval, b: Interval, strict: boolean): boolean {
  if (strict && (a.lowClosed !== b.lowClosed || a.highClosed !== b.highClosed)) return false
  return sameBound(a.low, b.low) && sameBound(a.high, b.high)
}

const sameBound = (a: Node | undefined, b: Node | undefined) => (a && b ? sameExpression(a, b) : a === b)

const inOrder = (a: readonly Value[], b: readonly Value[], same: Same) =>
  a.length === b.length && a.every((item, at) => same(item, b[at]!))

/** Each member of one side with a member of its own on the other. */
function inAnyOrder(a: readonly Value[], b: readonly Value[], same: Same): boolean {
  if (a.length !== b.length || a.length > 200) return false
  const left = [...b]
  return a.every((item) => {
    const at = left.findIndex((other) => same(item, other))
    if (at >= 0) left.splice(at, 1)
    return at >= 0
  })
}
