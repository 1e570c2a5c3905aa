import { BadRecipe, type Scorer, type ScorerFactory, type ScorerSpec } from '#core'
import { agreement } from './agreement.ts'
import { combined } from './combined.ts'
import { judge } from './judge.ts'

/** Every scorer by the name that `scorer=` takes. */
export const scorers: Readonly<Record<string, ScorerFactory>> = byName(agreement, judge)

/** The scorer that is meant. Throws BadRecipe for one that does not exist. */
export function scorerOf(spec: ScorerSpec): Scorer {
  if (Array.isArray(spec)) return combined(spec.map((part) => [factoryOf(part), scorerOf(part)]))
  const { id, options } =
    typeof spec === 'string' ? { id: spec, options: {} } : (spec as Exclude<typeof spec, readonly ScorerSpec[]>)
  return factoryOf(id)(options)
}

function factoryOf(spec: ScorerSpec): ScorerFactory {
  const id = typeof spec === 'string' ? spec : 'id' in spec ? spec.id : ''
  const factory = Object.hasOwn(scorers, id) ? scorers[id] : undefined
  if (!factory) throw new BadRecipe(`There is no scorer "${id}". Scorers are ${Object.keys(scorers).join(', ')}.`)
  return factory
}

function byName(...factories: readonly unknown[]): Record<string, ScorerFactory> {
  return Object.fromEntries((factories as readonly ScorerFactory[]).map((factory) => [factory.id, factory]))
}
