import { type ScaleContinuousNumeric, scaleLinear, scaleLog } from 'd3-scale'
import { picture, rule, words } from './svg.ts'

type Scale = ScaleContinuousNumeric<number, number>

/** A chart's room: its scales, and what stands around it. */
export type Frame = { readonly x: Scale; readonly y: Scale; draw(label: string, ...marks: readonly string[]): string }

const [width, height] = [520, 340]
const margin = { left: 50, right: 18, top: 16, bottom: 44 }

type Axis = {
  readonly title: string
  readonly ticks: readonly number[]
  readonly shown: (value: number) => string
}

export function frame(x: Scale, y: Scale, across: Axis, up: Axis): Frame {
  const [left, right] = [margin.left, width - margin.right]
  const [top, bottom] = [margin.top, height - margin.bottom]
  x.range([left, right])
  y.range([bottom, top])
  const grid = [
    ...up.ticks.map((value) => rule(left, y(value), right, y(value), 'grid')),
    ...up.ticks.map((value) => words(left - 8, y(value) + 4, up.shown(value), { 'text-anchor': 'end', class: 'tick' })),
    ...across.ticks.map((value) => rule(x(value), bottom, x(value), bottom + 4, 'axis')),
    ...across.ticks.map((value) =>
      words(x(value), bottom + 18, across.shown(value), { 'text-anchor': 'middle', class: 'tick' }),
    ),
    rule(left, bottom, right, bottom, 'axis'),
    words((left + right) / 2, height - 6, across.title, { 'text-anchor': 'middle', class: 'title' }),
    words(left, 10, up.title, { class: 'title' }),
  ]
  return { x, y, draw: (label, ...marks) => picture(width, height, label, ...grid, ...marks) }
}

/** From the least to the most of what is shown, with some air, in whole tenths of a share. */
export function shares(values: readonly number[]): Scale {
  const low = Math.max(0, Math.floor(10 * Math.min(...values) - 0.2) / 10)
  const high = Math.min(1, Math.ceil(10 * Math.max(...values) + 0.2) / 10)
  return scaleLinear([low, Math.max(high, low + 0.1)], [0, 1])
}

export const shareAxis = (scale: Scale, title: string): Axis => ({
  title,
  ticks: scale.ticks(6),
  shown: (value) => `${Math.round(100 * value)} %`,
})

export const plainAxis = (scale: Scale, title: string): Axis => ({
  title,
  ticks: scale.ticks(6),
  shown: (value) => String(Number(value.toFixed(2))),
})

/** Of the numbers 1, 2, 5, 10, … those that lie within, so that they do not crowd. */
export function logarithmic(values: readonly number[]): Scale {
  return scaleLog([Math.min(...values) / 1.35, Math.max(...values) * 1.35], [0, 1])
}

export function logAxis(scale: Scale, title: string, shown: (value: number) => string): Axis {
  const [low = 1, high = 1] = scale.domain()
  const steps = [1, 2, 5].flatMap((lead) => Array.from({ length: 16 }, (_, at) => lead * 10 ** (at - 8)))
  const within = steps.filter((value) => value >= low && value <= high).sort((a, b) => a - b)
  return { title, ticks: within.length > 7 ? within.filter((_, at) => at % 2 === 0) : within, shown }
}
