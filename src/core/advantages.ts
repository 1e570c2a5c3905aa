import type { Completion } from './model.ts'
import { rankBy } from './rank.ts'

/**
 * How each score stands in its group: (r - mean) / std, as GRPO has it (Shao et al., 2024). A missing score has none, and
 * where all are equal nobody is ahead.
 */
export function advantages(scores: readonly (number | undefined)[]): (number | undefined)[] {
  const known = scores.filter((score) => score !== undefined)
  const mean = known.reduce((sum, score) => sum + score, 0) / known.length
  const std = Math.sqrt(known.reduce((sum, score) => sum + (score - mean) ** 2, 0) / known.length)
  return scores.map((score) => (score === undefined ? undefined : std < 1e-9 ? 0 : (score - mean) / std))
}

/** The scores of a question's candidates as a note, best first, each with how it stands among them. */
export function inScores(
  candidates: readonly Completion[],
  scores: readonly (number | undefined)[],
): [text: string, data: unknown] {
  const ahead = advantages(scores)
  const scored = candidates.flatMap(({ index = 0 }, at) => {
    const score = scores[at]
    return score === undefined ? [] : [{ sample: index + 1, score, advantage: ahead[at]! }]
  })
  if (scored.length === 0) return ['No candidate could be scored.', scored]
  const best = rankBy(scored, ({ score }) => score)
  const shown = best
    .slice(0, most)
    .map(({ sample, score, advantage }) => `sample ${sample} ${score.toFixed(2)} (${signed(advantage)})`)
  if (best.length > most) shown.push(`${best.length - most} more`)
  return [`Scores, and how far they are from the mean in standard deviations: ${shown.join(', ')}.`, scored]
}

const most = 8

const signed = (value: number) => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(1)}`
