import { line } from 'd3-shape'
import { percent } from '../../statistics/share.ts'
import type { Arm, Report } from '../report.ts'
import { dollars, whole } from '../table.ts'
import { priceOf } from '../verdict.ts'
import { frame, logAxis, logarithmic, shareAxis, shares } from './frame.ts'
import { element, hint, rule, words } from './svg.ts'

/** Accuracy against what it takes, with the recipes that nothing else beats in both at once joined by a line. */
export function againstCost(
  { arms, verdict }: Report,
  labelOf: (arm: Arm) => string,
  colourOf: (arm: Arm) => string,
): string {
  const priced = arms.every(({ cost }) => cost !== undefined)
  const costOf = (arm: Arm) => Math.max(priced ? 1000 * arm.cost! : arm.tokens.total, 1e-9)
  const x = logarithmic(arms.map(costOf))
  const y = shares(arms.flatMap(({ accuracy: { low, high } }) => [low, high]))
  const title = priced ? 'US dollars per 1,000 questions' : 'tokens per question'
  const shown = priced ? dollars : whole
  const { draw } = frame(x, y, logAxis(x, title, shown), shareAxis(y, 'right'))
  const front = efficient(arms)
  const path = line<Arm>(
    (arm) => x(costOf(arm)),
    (arm) => y(arm.accuracy.value),
  )(front)
  const inOrder = arms.toSorted((a, b) => costOf(a) - costOf(b))
  const marks = inOrder.map((arm, at) => {
    const { value, low, high } = arm.accuracy
    const across = x(costOf(arm))
    // Neighbours have their names on different sides, so that they do not cover each other.
    const label = at % 2 === 0 ? y(high) - 6 : y(low) + 14
    const anchor = across > 440 ? 'end' : across < 90 ? 'start' : 'middle'
    return element(
      'g',
      { class: arm.name === verdict.use ? 'mark chosen' : 'mark', style: `--mark: ${colourOf(arm)}` },
      rule(across, y(low), across, y(high), 'interval'),
      element('circle', { cx: across, cy: y(value), r: arm.name === verdict.use ? 6 : 4.5 }),
      words(across, label, labelOf(arm), { 'text-anchor': anchor, class: 'label' }),
      hint(`${arm.name}: ${percent(value)} % (${percent(low)} to ${percent(high)}), ${shown(costOf(arm))} ${title}`),
    )
  })
  return draw(
    `Accuracy against ${title}`,
    ...(front.length > 1 ? [element('path', { d: path!, class: 'front' })] : []),
    ...marks,
  )
}

/** Those that are right more often than everything that takes less (the Pareto front), from the cheapest. */
export function efficient(arms: readonly Arm[]): readonly Arm[] {
  const byPrice = arms.toSorted((a, b) => priceOf(a) - priceOf(b) || b.accuracy.value - a.accuracy.value)
  const front: Arm[] = []
  for (const arm of byPrice) if (arm.accuracy.value > (front.at(-1)?.accuracy.value ?? -1)) front.push(arm)
  return front
}
