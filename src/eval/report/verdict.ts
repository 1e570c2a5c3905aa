import type { Paired } from '../statistics/paired.ts'
import { percent } from '../statistics/share.ts'
import type { Arm, Verdict } from './report.ts'
import { chance as chanceOf, signed } from './table.ts'

/** What a recipe takes, by what is known of it: dollars, else tokens. */
const priceOf = ({ cost, tokens }: Arm): number => cost ?? tokens.total

/**
 * Which recipe to use: the cheapest of those that are not shown to be worse than the best, if it is shown to be better
 * than the baseline, after correction for how many were tried. `against` compares two of them.
 */
export function verdictOf(
  arms: readonly Arm[],
  baseline: Arm,
  questions: number,
  against: (arm: Arm, other: Arm) => Paired | undefined,
): Verdict {
  const stay = (sentence: string): Verdict => ({ sentence, use: baseline.name, helps: false })
  const others = arms.filter((arm) => arm !== baseline && arm.difference)
  if (others.length === 0) return stay(`${baseline.name} gets ${right(baseline)}; nothing else was tried.`)
  const better = others.filter(({ difference }) => difference!.corrected < 0.05 && difference!.value > 0)
  const best = others.reduce((a, b) => (b.accuracy.value > a.accuracy.value ? b : a))
  if (better.length === 0) return stay(unhelped(baseline, best, questions))
  const good = better.filter((arm) => arm === best || !(against(best, arm)!.low > 0))
  const use = (good.length > 0 ? good : better).reduce((a, b) => (priceOf(b) < priceOf(a) ? b : a))
  return { sentence: helped(use, best, baseline, against(best, use)), use: use.name, helps: true }
}

function helped(use: Arm, best: Arm, baseline: Arm, rest: Paired | undefined): string {
  const { difference: gain } = use
  const bought = `Use ${use.name}: ${right(use)} instead of ${percent(baseline.accuracy.value)} % (${points(gain!)}, ${chance(gain!.p)}), for ${taking(use, baseline)}.`
  if (best === use || !rest) return `${bought} Nothing else that was tried gets more.`
  return `${bought} ${best.name} gets ${percent(best.accuracy.value)} %, which is not shown to be more (${points(rest)}), and takes ${times(priceOf(best) / priceOf(use))} as much.`
}

function unhelped(baseline: Arm, best: Arm, questions: number): string {
  const { difference } = best
  const tell = `Stay with ${baseline.name}: none of the others is shown to be better on these ${questions} questions.`
  if (difference!.value <= 0)
    return `${tell} It gets ${right(baseline)}, the best of them ${percent(best.accuracy.value)} %.`
  const needed = enough(difference!, questions)
  const more =
    needed > questions ? ` If the difference is as it seems, some ${rounded(needed)} questions would show it.` : ''
  return `${tell} The most is ${best.name} with ${right(best)} instead of ${percent(baseline.accuracy.value)} % (${points(difference!)}, ${chance(difference!.corrected)}), for ${taking(best, baseline)}.${more}`
}

/** Questions with which an interval as wide as this one would become narrower than twice the difference. */
const enough = ({ value, low, high }: Paired, questions: number) => questions * ((high - low) / 2 / value) ** 2 * 1.3

const rounded = (value: number) => Number(value.toPrecision(1)).toLocaleString('en')

const right = ({ accuracy }: Arm) => `${percent(accuracy.value)} % right`

const points = ({ value, low, high }: Paired) =>
  `${signed(value)} points, 95 % interval ${signed(low)} to ${signed(high)}`

const chance = (p: number) => (p < 0.001 ? 'p < 0.001' : `p = ${chanceOf(p)}`)

const times = (ratio: number) => `${ratio < 10 ? ratio.toFixed(1) : Math.round(ratio)} times`

function taking(arm: Arm, baseline: Arm): string {
  const ratio = priceOf(arm) / priceOf(baseline)
  const what = arm.cost === undefined ? 'tokens' : 'cost'
  return ratio >= 1.05
    ? `${times(ratio)} the ${what}`
    : ratio > 0.95
      ? `the same ${what}`
      : `${percent(ratio)} % of the ${what}`
}
