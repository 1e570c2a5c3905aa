import { type Node, symbolsIn } from '../maths/node.ts'
import { pointAt, valueAt } from '../maths/numeric.ts'
import type { Interval, Region, Tuple, Value } from './value.ts'

export const regionOf = (parts: readonly Interval[], subject?: string): Region => {
  const tidy = parts.map(({ low, high, lowClosed, highClosed }): Interval => {
    const [from, to] = [isInfinite(low, 'product') ? undefined : low, isInfinite(high, 'name') ? undefined : high]
    return {
      low: from,
      high: to,
      lowClosed: lowClosed && from !== undefined,
      highClosed: highClosed && to !== undefined,
    }
  })
  return { kind: 'region', parts: inOrder(tidy), ...(subject ? { subject } : {}) }
}

export const wholeLine: Region = {
  kind: 'region',
  parts: [{ low: undefined, high: undefined, lowClosed: false, highClosed: false }],
}

/** What a value is as a set of numbers: itself, or a pair in brackets as an interval. */
export function asRegion(value: Value): Region | undefined {
  if (value.kind === 'region') return value
  if (value.kind !== 'tuple' || value.items.length !== 2) return undefined
  return intervalOf(value)
}

function intervalOf({ open, close, items }: Tuple): Region | undefined {
  if (!'(['.includes(open) || !')]'.includes(close)) return undefined
  const [low, high] = items
  if (low?.kind !== 'quantity' || high?.kind !== 'quantity') return undefined
  return regionOf([{ low: low.node, high: high.node, lowClosed: open === '[', highClosed: close === ']' }])
}

/** x ∈ S: the value with what it is about. */
export function within(subject: string | undefined, value: Value | undefined): Value | undefined {
  if (!value || subject === undefined) return undefined
  const region = asRegion(value)
  if (region) return { ...region, subject }
  return value.kind === 'list' ? { ...value, subject } : { kind: 'named', name: subject, value }
}

/** One region out of several; undefined if they are about different things. */
export function union(values: readonly Value[]): Region | undefined {
  const regions = values.map((value) => asRegion(value) ?? asPoints(value))
  const subjects = new Set(regions.flatMap((region) => region?.subject ?? []))
  if (regions.some((region) => !region) || subjects.size > 1) return undefined
  return regionOf(
    regions.flatMap((region) => region!.parts),
    [...subjects][0],
  )
}

/** {a, b}: points are intervals from a number to itself. */
function asPoints(value: Value): Region | undefined {
  const items = value.kind === 'list' ? value.items : [value]
  const nodes = items.flatMap((item) => (item.kind === 'quantity' && !item.unit ? [item.node] : []))
  if (nodes.length === 0 || nodes.length !== items.length) return undefined
  return regionOf(nodes.map((node) => ({ low: node, high: node, lowClosed: true, highClosed: true })))
}

/** A lower and an upper bound for one subject are an interval, unless they leave a gap: then they are two. */
export function together(regions: readonly Region[]): Region | undefined {
  const [a, b] = regions
  if (regions.length !== 2 || a?.parts.length !== 1 || b?.parts.length !== 1 || a.subject !== b.subject)
    return undefined
  const [lower, upper] = a.parts[0]?.high === undefined ? [a.parts[0], b.parts[0]] : [b.parts[0], a.parts[0]]
  if (!lower?.low || lower.high || upper?.low || !upper?.high) return undefined
  const [from, to] = [place(lower.low), place(upper.high)]
  if (from === undefined || to === undefined || from >= to) return undefined
  return regionOf([{ ...lower, high: upper.high, highClosed: upper.highClosed }], a.subject)
}

/** The line without some points of it. */
export function without(whole: Region, points: readonly Node[]): Region | undefined {
  const { subject, parts } = whole
  if (parts.length !== 1 || points.some((point) => place(point) === undefined)) return undefined
  const sorted = points.toSorted((a, b) => place(a)! - place(b)!)
  const [only] = parts
  const cuts = [only!.low, ...sorted, only!.high]
  return regionOf(
    cuts.slice(1).map((high, at) => ({
      low: cuts[at],
      high,
      lowClosed: at === 0 && only!.lowClosed,
      highClosed: at === sorted.length && only!.highClosed,
    })),
    subject,
  )
}

/** Of the lower bound with its minus, a product; of the upper one without. */
const isInfinite = (node: Node | undefined, kind: 'product' | 'name'): boolean =>
  node?.kind === kind && symbolsIn(node).includes('∞')

/** By where they begin; parts that cannot be placed stay as they stand. */
function inOrder(parts: readonly Interval[]): readonly Interval[] {
  const places = new Map(parts.map((part) => [part, part.low ? place(part.low) : Number.NEGATIVE_INFINITY]))
  if ([...places.values()].some((at) => at === undefined)) return parts
  return parts.toSorted((a, b) => (places.get(a)! < places.get(b)! ? -1 : places.get(a)! > places.get(b)! ? 1 : 0))
}

const place = (node: Node): number | undefined => valueAt(node, nowhere)?.value

/** A bound with a name in it has no place that is known. */
const nowhere = pointAt(() => ({ n: 0n, d: 0n }))
