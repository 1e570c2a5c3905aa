import { scaleLinear } from 'd3-scale'
import { line } from 'd3-shape'
import { percent } from '../../statistics/share.ts'
import type { Arm, Bin } from '../report.ts'
import { frame, shareAxis } from './frame.ts'
import { element, hint, rule } from './svg.ts'

/** When so many samples agree, how often they are right; on the diagonal agreement can be taken at its word. */
export function agreement({ name, calibration = [] }: Arm, colour: string): string {
  const x = scaleLinear([0, 1], [0, 1])
  const y = scaleLinear([0, 1], [0, 1])
  const { draw } = frame(x, y, shareAxis(x, 'agreement of the samples'), shareAxis(y, 'right'))
  const most = Math.max(...calibration.map(({ questions }) => questions))
  const path = line<Bin>(
    (bin) => x(bin.agreement),
    ({ right }) => y(right.value),
  )([...calibration])!
  const marks = calibration.map(({ agreement, right, questions }) =>
    element(
      'g',
      { class: 'mark' },
      rule(x(agreement), y(right.low), x(agreement), y(right.high), 'interval'),
      element('circle', { cx: x(agreement), cy: y(right.value), r: 3 + 5 * Math.sqrt(questions / most) }),
      hint(
        `Agreement about ${percent(agreement)} %: ${percent(right.value)} % right (${percent(right.low)} to ${percent(right.high)}) of ${questions} questions`,
      ),
    ),
  )
  return draw(
    `How often ${name} is right by how far its samples agree`,
    rule(x(0), y(0), x(1), y(1), 'diagonal'),
    element(
      'g',
      { class: 'curve', style: `--mark: ${colour}` },
      element('path', { d: path, class: 'vote thin' }),
      ...marks,
    ),
  )
}
