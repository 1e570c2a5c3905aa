import { line } from 'd3-shape'
import { percent } from '../../statistics/share.ts'
import type { Arm, Report } from '../report.ts'
import { dollars, seconds, whole } from '../table.ts'
import { frame, logAxis, logarithmic, shareAxis, shares } from './frame.ts'
import { Labels } from './labels.ts'
import type { Look } from './look.ts'
import { element, hint, rule } from './svg.ts'

/** Something that a recipe takes. */
export type Measure = {
  readonly title: string
  of(arm: Arm): number
  readonly shown: (value: number) => string
}

export const time: Measure = { title: 'time of a question, median', of: ({ ms }) => ms.median, shown: seconds }

/** Dollars where they are known of all, else tokens. */
export const costOf = (arms: readonly Arm[]): Measure =>
  arms.every(({ cost }) => cost !== undefined)
    ? { title: 'US dollars per 1,000 questions', of: ({ cost }) => 1000 * cost!, shown: dollars }
    : { title: 'tokens per question', of: ({ tokens }) => tokens.total, shown: whole }

/** Accuracy against what it takes, with the recipes that nothing else beats in both at once joined by a line. */
export function against(measure: Measure, { arms, verdict }: Report, look: Look): string {
  const taken = (arm: Arm) => Math.max(measure.of(arm), 1e-9)
  const x = logarithmic(arms.map(taken))
  const y = shares(arms.flatMap(({ accuracy: { low, high } }) => [low, high]))
  const { draw } = frame(x, y, logAxis(x, measure.title, measure.shown), shareAxis(y, 'right'))
  const front = efficient(arms, taken)
  const path = line<Arm>(
    (arm) => x(taken(arm)),
    (arm) => y(arm.accuracy.value),
  )(front)
  const labels = new Labels()
  const marks = arms.map((arm) => {
    const { value, low, high } = arm.accuracy
    const across = x(taken(arm))
    const chosen = arm.name === verdict.use
    return element(
      'g',
      { class: chosen ? 'mark chosen' : 'mark', style: `--mark: ${look.colourOf(arm)}` },
      rule(across, y(low), across, y(high), 'interval'),
      element('circle', { cx: across, cy: y(value), r: chosen ? 6 : 4.5 }),
      labels.place(look.labelOf(arm), across, y(high), y(low)),
      hint(
        `${arm.name}: ${percent(value)} % (${percent(low)} to ${percent(high)}), ${measure.shown(taken(arm))} ${measure.title}`,
      ),
    )
  })
  const joined = front.length > 1 ? [element('path', { d: path!, class: 'front' })] : []
  return draw(`Accuracy against ${measure.title}`, ...joined, ...marks)
}

/** Those that are right more often than everything that takes less (the Pareto front), from the cheapest. */
export function efficient(arms: readonly Arm[], taken: (arm: Arm) => number): readonly Arm[] {
  const byPrice = arms.toSorted((a, b) => taken(a) - taken(b) || b.accuracy.value - a.accuracy.value)
  const front: Arm[] = []
  for (const arm of byPrice) if (arm.accuracy.value > (front.at(-1)?.accuracy.value ?? -1)) front.push(arm)
  return front
}
