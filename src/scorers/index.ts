import { BadRecipe, type Scorer, type ScorerFactory, type ScorerSpec } from '#core'
import { agreement } from './agreement.ts'
import { combined } from './combined.ts'
import { confidence } from './confidence.ts'
import { format } from './format.ts'
import { judge } from './judge.ts'
import { reward } from './reward.ts'
import { verify } from './verify.ts'

/** Every scorer by the name that `scorer=` takes. */
export const scorers: Readonly<Record<string, ScorerFactory>> = byName(
  agreement,
  confidence,
  format,
  judge,
  reward,
  verify,
)

/** The scorer that is meant. Throws BadRecipe for one that does not exist. */
export function scorerOf(spec: ScorerSpec): Scorer {
  if (Array.isArray(spec)) return combined(spec.map(scorerOf))
  const { id, options } =
    typeof spec === 'string' ? { id: spec, options: {} } : (spec as Exclude<typeof spec, readonly ScorerSpec[]>)
  const factory = Object.hasOwn(scorers, id) ? scorers[id] : undefined
  if (!factory) throw new BadRecipe(`There is no scorer "${id}". Scorers are ${Object.keys(scorers).join(', ')}.`)
  return factory(options)
}

function byName(...factories: readonly unknown[]): Record<string, ScorerFactory> {
  return Object.fromEntries((factories as readonly ScorerFactory[]).map((factory) => [factory.id, factory]))
}
