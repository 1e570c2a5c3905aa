import { scaleLog } from 'd3-scale'
import { area, line } from 'd3-shape'
import type { Estimate } from '../../statistics/bootstrap.ts'
import { percent } from '../../statistics/share.ts'
import type { Curve } from '../report.ts'
import { frame, shareAxis, shares } from './frame.ts'
import { element, hint, words } from './svg.ts'

type Point = Curve['points'][number]

/** Accuracy of a vote of n with its interval, and under it all how often one of n samples is right. */
export function againstN({ points, drawn }: Curve, colour: string): string {
  const x = scaleLog([1, drawn], [0, 1])
  const y = shares(points.flatMap(({ vote, pass }) => [vote.low, vote.high, pass.value]))
  const ticks = points.map(({ n }) => n).filter((n) => Number.isInteger(Math.log2(n)) || n === drawn)
  const across = { title: 'samples, n', ticks, shown: String }
  const { draw } = frame(x, y, across, shareAxis(y, 'right'))
  const through = (value: (point: Point) => number) =>
    line<Point>(
      ({ n }) => x(n),
      (point) => y(value(point)),
    )([...points])!
  const band = area<Point>(
    ({ n }) => x(n),
    ({ vote }) => y(vote.low),
    ({ vote }) => y(vote.high),
  )([...points])!
  const last = points.at(-1)!
  const labels = [
    words(x(last.n) - 4, y(last.pass.value) - 8, 'pass@n', { 'text-anchor': 'end', class: 'label' }),
    words(x(last.n) - 4, y(last.vote.value) + 16, 'vote of n', { 'text-anchor': 'end', class: 'label' }),
  ]
  const dots = points.map(({ n, vote, pass }) =>
    element(
      'g',
      {},
      element('circle', { cx: x(n), cy: y(vote.value), r: 3.5 }),
      element('rect', { x: x(n) - 12, y: 0, width: 24, height: 300, class: 'touch' }),
      hint(`n = ${n}: a vote ${told(vote)}; one of ${n} is right ${told(pass)}`),
    ),
  )
  return draw(
    'Accuracy of a vote of n samples against n',
    element(
      'g',
      { class: 'curve', style: `--mark: ${colour}` },
      element('path', { d: band, class: 'band' }),
      element('path', { d: through(({ pass }) => pass.value), class: 'pass' }),
      element('path', { d: through(({ vote }) => vote.value), class: 'vote' }),
      ...dots,
      ...labels,
    ),
  )
}

const told = ({ value, low, high }: Estimate) => `${percent(value)} % (${percent(low)} to ${percent(high)})`
