import { type Node, symbolsIn } from '../maths/node.ts'
import { pointAt, valueAt } from '../maths/numeric.ts'
import type { Interval, Region, Value } from './value.ts'

type Bound = Node | undefined

/** A part of the line; what is infinite is no bound and cannot be closed. */
export const interval = (from: Bound, to: Bound, lowClosed = false, highClosed = false): Interval => {
  const [low, high] = [finite(from), finite(to)]
  return { low, high, lowClosed: lowClosed && low !== undefined, highClosed: highClosed && high !== undefined }
}

const finite = (bound: Bound) => (bound && symbolsIn(bound).includes('∞') ? undefined : bound)

/** Parts in order by where they begin; those that cannot be placed stay as they stand. */
export function regionOf(parts: readonly Interval[], subject?: string): Region {
  const from = ({ low }: Interval) => (low ? place(low) : Number.NEGATIVE_INFINITY)
  const sorted = parts.map(from).includes(undefined) ? parts : parts.toSorted((a, b) => (from(a)! < from(b)! ? -1 : 1))
  return { kind: 'region', parts: sorted, ...(subject ? { subject } : {}) }
}

export const wholeLine: Region = regionOf([interval(undefined, undefined)])

/** What a value is as a set of numbers: itself, or a pair in brackets as an interval. */
export function asRegion(value: Value): Region | undefined {
  if (value.kind === 'region') return value
  if (value.kind !== 'tuple' || value.items.length !== 2) return undefined
  const { open, close, items } = value
  const [low, high] = items
  if (!'(['.includes(open) || !')]'.includes(close) || low?.kind !== 'quantity' || high?.kind !== 'quantity')
    return undefined
  return regionOf([interval(low.node, high.node, open === '[', close === ']')])
}

/** x ∈ S: the value with what it is about. */
export function within(subject: string | undefined, value: Value | undefined): Value | undefined {
  if (!value || subject === undefined) return undefined
  const set = asRegion(value) ?? value
  return set.kind === 'region' || set.kind === 'list' ? { ...set, subject } : { kind: 'named', name: subject, value }
}

/** One region out of several; undefined if they are about different things. */
export function union(values: readonly (Value | undefined)[]): Region | undefined {
  const regions = values.map((value) => value && (asRegion(value) ?? asPoints(value)))
  const [subject, other] = new Set(regions.flatMap((region) => region?.subject ?? []))
  if (regions.includes(undefined) || other) return undefined
  return regionOf(
    regions.flatMap((region) => region!.parts),
    subject,
  )
}

/** {a, b}: points are intervals from a number to itself. */
function asPoints(value: Value): Region | undefined {
  const points = pointsOf(value)
  return points && regionOf(points.map((point) => interval(point, point, true, true)))
}

function pointsOf(value: Value): readonly Node[] | undefined {
  const items = value.kind === 'list' ? value.items : [value]
  const nodes = items.flatMap((item) => (item.kind === 'quantity' && !item.unit ? [item.node] : []))
  return nodes.length > 0 && nodes.length === items.length ? nodes : undefined
}

/** A lower and an upper bound for one subject are an interval, unless they leave a gap: then they are two. */
export function together(regions: readonly Region[]): Region | undefined {
  const parts = regions.flatMap((region) => region.parts)
  const [lower, upper] = [parts.find(({ high }) => !high), parts.find(({ low }) => !low)]
  if (parts.length !== 2 || regions[0]!.subject !== regions[1]?.subject || !lower?.low || !upper?.high) return undefined
  const [from = 0, to = 0] = [place(lower.low), place(upper.high)]
  return from < to
    ? regionOf([{ ...lower, high: upper.high, highClosed: upper.highClosed }], regions[0]!.subject)
    : undefined
}

/** The line without some points of it. */
export function without(whole: Value | undefined, removed: Value | undefined): Region | undefined {
  const points = removed && pointsOf(removed)
  const only = whole?.kind === 'region' && whole.parts.length === 1 && whole.parts[0]
  if (!points || !only || points.map(place).includes(undefined)) return undefined
  const cuts = [only.low, ...points.toSorted((a, b) => place(a)! - place(b)!), only.high]
  const last = points.length
  const parts = cuts
    .slice(1)
    .map((high, at) => interval(cuts[at], high, at === 0 && only.lowClosed, at === last && only.highClosed))
  return regionOf(parts, whole.subject)
}

const place = (node: Node): number | undefined => valueAt(node, nowhere)?.value

/** A bound with a name in it has no place that is known. */
const nowhere = pointAt(() => ({ n: 0n, d: 0n }))
