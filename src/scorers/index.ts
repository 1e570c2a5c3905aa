import { BadRecipe, type Scorer, type ScorerFactory, type ScorerSpec } from '#core'
import { agreement } from './agreement.ts'
import { combined } from './combined.ts'
import { confidence } from './confidence.ts'
import { format } from './format.ts'
import { judge } from './judge.ts'
import { reward } from './reward.ts'
import { verify } from './verify.ts'

/** Every scorer that Mull brings along. */
export const scorers = [agreement, confidence, format, judge, reward, verify] as unknown as readonly ScorerFactory[]

/** The scorer that is meant, of those that are known. Throws BadRecipe for one that does not exist. */
export function scorerOf(spec: ScorerSpec, known = scorers): Scorer {
  if (Array.isArray(spec)) return combined(spec.map((part) => scorerOf(part, known)))
  const { id, options } =
    typeof spec === 'string' ? { id: spec, options: {} } : (spec as Exclude<typeof spec, readonly ScorerSpec[]>)
  const factory = known.find((scorer) => scorer.id === id)
  if (!factory) throw new BadRecipe(`There is no scorer "${id}". Scorers are ${known.map(({ id }) => id).join(', ')}.`)
  return factory(options)
}
