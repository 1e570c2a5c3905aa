import { asRegion } from '../forms/region.ts'
import { textKey } from '../forms/text.ts'
import { sameTime } from '../forms/time.ts'
import type { Interval, Region, Value } from '../forms/value.ts'
import { exactValue } from '../maths/exact.ts'
import { inverse, type Node, product } from '../maths/node.ts'
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
  switch (a.kind) {
    case 'text':
      return b.kind === 'text' ? a.key === b.key : undefined
    case 'time':
      return b.kind === 'time' ? sameTime(a, b) : undefined
    case 'choice':
      return sameChoice(a, b)
    case 'quantity':
      return b.kind === 'quantity' ? sameQuantity(a, b, policy) : undefined
    case 'ratio':
      return b.kind === 'ratio' ? sameRatio(a, b) : undefined
    case 'list':
      return sameList(a, b, same, policy)
    case 'tuple':
      return sameTuple(a, b, same, policy)
    case 'record':
      return sameRecord(a, b, same)
    case 'matrix':
      return sameMatrix(a, b, same)
    case 'region': {
      const region = asRegion(b)
      return region ? sameRegion(a, region, policy) : undefined
    }
    case 'equation':
      return b.kind === 'equation' ? proportional(a.difference, b.difference, false) : undefined
    case 'inequality':
      return b.kind === 'inequality'
        ? a.sign === b.sign && proportional(a.difference, b.difference, a.sign !== '≠')
        : undefined
  }
}

type Same = (a: Value, b: Value) => boolean

/** A name matters only against another name; y = x/2 + 1 is also the equation that it is. */
function sameNamed(a: Value & { kind: 'named' }, b: Value, same: Same, policy: Policy): boolean | undefined {
  if (b.kind === 'equation') return a.difference !== undefined && proportional(a.difference, b.difference, false)
  if (b.kind !== 'named') return same(a.value, b)
  if (a.name === b.name || a.name === '' || b.name === '' || policy.strictVariables === false)
    return same(a.value, b.value)
  return a.difference !== undefined && b.difference !== undefined && proportional(a.difference, b.difference, false)
}

function sameChoice(a: Value & { kind: 'choice' }, b: Value): boolean | undefined {
  if (b.kind !== 'choice') return undefined
  return a.letter === b.letter && (a.rest === '' || b.rest === '' || textKey(a.rest) === textKey(b.rest))
}

function sameRatio(a: Value & { kind: 'ratio' }, b: Value & { kind: 'ratio' }): boolean {
  if (a.items.length !== b.items.length) return false
  const scaled = !a.literal && !b.literal && [...a.items, ...b.items].every((item) => exactValue(item)?.n !== 0n)
  const [first, second] = [a.items[0]!, b.items[0]!]
  return a.items.every((item, at) =>
    scaled
      ? sameExpression(product(item, inverse(first)), product(b.items[at]!, inverse(second)))
      : sameExpression(item, b.items[at]!),
  )
}

/** Members in any order, unless a gap shows that the order is meant. A single member is also the member itself. */
function sameList(a: Value & { kind: 'list' }, b: Value, same: Same, policy: Policy): boolean | undefined {
  if (b.kind === 'list') {
    if (a.subject && b.subject && a.subject !== b.subject && policy.strictVariables !== false) return false
    return a.ordered || b.ordered || policy.unordered === false
      ? inOrder(a.items, b.items, same)
      : inAnyOrder(a.items, b.items, same)
  }
  if (a.items.length === 1 && !a.ordered && b.kind !== 'record') return same(a.items[0]!, b)
  if (b.kind === 'tuple') {
    const square = b.open === '[' && b.close === ']' && b.items.length !== 2
    return (policy.tupleEqualsList === true || square) && inOrder(a.items, b.items, same)
  }
  return b.kind === 'record' ? sameAsRecord(a, b, same) : undefined
}

/** Values of one name may be indexed in a record, and come in any order then; otherwise they follow the record's names. */
function sameAsRecord(a: Value & { kind: 'list' }, b: Value & { kind: 'record' }, same: Same): boolean {
  const values = b.entries.map(([, value]) => value)
  const bases = new Set(b.entries.map(([name]) => name.replace(/_?\d+$/, '')))
  if (a.subject && !(bases.size === 1 && bases.has(a.subject))) return false
  const indexed = bases.size === 1 && b.entries.every(([name]) => /\d$/.test(name))
  return indexed ? inAnyOrder(a.items, values, same) : inOrder(a.items, values, same)
}

function sameTuple(a: Value & { kind: 'tuple' }, b: Value, same: Same, policy: Policy): boolean | undefined {
  if (b.kind === 'record')
    return inOrder(
      a.items,
      b.entries.map(([, value]) => value),
      same,
    )
  if (b.kind === 'matrix') {
    if (b.rows.every((row) => row.length === 1)) return inOrder(a.items, b.rows.flat(), same)
    return (
      a.items.length === b.rows.length &&
      a.items.every((item, at) => item.kind === 'tuple' && inOrder(item.items, b.rows[at]!, same))
    )
  }
  if (b.kind !== 'tuple') return undefined
  const pair = a.items.length === 2 && policy.boundaryStrict !== false && !vectors(a.open, b.open)
  return (!pair || (a.open === b.open && a.close === b.close)) && inOrder(a.items, b.items, same)
}

/** Angle brackets are only ever those of vectors, which are often written with parentheses. */
const vectors = (a: string, b: string) => `${a}${b}`.includes('⟨') && !`${a}${b}`.includes('[')

function sameRecord(a: Value & { kind: 'record' }, b: Value, same: Same): boolean | undefined {
  if (b.kind !== 'record') return undefined
  const others = new Map(b.entries)
  return (
    a.entries.length === b.entries.length &&
    a.entries.every(([name, value]) => {
      const other = others.get(name)
      return other !== undefined && same(value, other)
    })
  )
}

function sameMatrix(a: Value & { kind: 'matrix' }, b: Value, same: Same): boolean | undefined {
  if (b.kind !== 'matrix') return undefined
  return a.rows.length === b.rows.length && a.rows.every((row, at) => inOrder(row, b.rows[at]!, same))
}

function sameRegion(a: Region, b: Region, policy: Policy): boolean {
  if (a.subject && b.subject && a.subject !== b.subject && policy.strictVariables !== false) return false
  return (
    a.parts.length === b.parts.length &&
    a.parts.every((part, at) => sameInterval(part, b.parts[at]!, policy.boundaryStrict !== false))
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
