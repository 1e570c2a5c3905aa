import { evaluate, type ScorerFactory, type ScorerSpec, type StrategyFactory } from '#core'
import type { Named } from './grammar.ts'

/** How many completions something may ask for, at the most, of a model that itself asks for `inner`. */
export type Calls = (inner: number) => number

/**
 * What one step may ask for by the formula that it states. Its samples go through whatever it is put around, `named` (what
 * the models ask for that its options name) or that; its scores are asked of the bare model.
 */
export function callsOf(
  { about, schema }: StrategyFactory,
  given: Readonly<Record<string, unknown>>,
  scorers: readonly ScorerFactory[],
  named: (model: string) => number,
): Calls {
  const options = schema.parse(given)
  const values = numbersOf(options)
  const spec = options['scorer'] as ScorerSpec | undefined
  const { score, compare } = spec === undefined ? unscored : costOf(spec, scorers)
  const samples = evaluate(about.calls, { ...values, ...unscored })
  const scoring = evaluate(about.calls, { ...values, score, compare }) - samples
  const meaning = options['semantic'] === true ? 1 : 0
  const others = naming.flatMap((option) => options[option]).filter((name) => typeof name === 'string')
  const most = Math.max(0, ...others.map(named))
  return (inner) => samples * Math.max(inner, most) + Math.max(0, scoring) + meaning
}

/** One after another on a draft: a & b. */
export const inTurn =
  (parts: readonly Calls[]): Calls =>
  (inner) =>
    parts.reduce((sum, calls) => sum + calls(inner), 0)

/** Side by side, and a judge where their vote is even: a | b. */
export const sideBySide =
  (parts: readonly Calls[]): Calls =>
  (inner) =>
    inTurn(parts)(inner) + (parts.length > 1 ? parts.length : 0)

/** The options of strategies that name models. */
const naming = ['model', 'models', 'strong', 'discriminator']

const unscored = { score: 0, compare: 0 }

/** What one score costs, and one comparison; of a list the sum. */
export function costOf(spec: ScorerSpec, scorers: readonly ScorerFactory[]): { score: number; compare: number } {
  if (Array.isArray(spec)) {
    const costs = spec.map((part) => costOf(part, scorers))
    const sum = (what: 'score' | 'compare') => costs.reduce((sum, cost) => sum + cost[what], 0)
    return { score: sum('score'), compare: sum('compare') }
  }
  const { id, options } = (typeof spec === 'string' ? { id: spec, options: {} } : spec) as Named
  const factory = scorers.find((scorer) => scorer.id === id)
  if (!factory) return unscored
  const { calls, compare } = factory.about
  const values = numbersOf(factory.schema.parse(options))
  const score = evaluate(calls, values)
  return { score, compare: compare === undefined ? 2 * score : evaluate(compare, values) }
}

const numbersOf = (options: Readonly<Record<string, unknown>>): Record<string, number> =>
  Object.fromEntries(Object.entries(options).filter((entry): entry is [string, number] => typeof entry[1] === 'number'))
