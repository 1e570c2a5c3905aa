import {
  BadRecipe,
  beside,
  pipe,
  type ScorerFactory,
  type ScorerSpec,
  type Strategy,
  type StrategyFactory,
} from '#core'
import { type Calls, callsOf, inTurn, sideBySide } from './calls.ts'
import { type Named, parseStages, type Step, writeStep } from './grammar.ts'
import { nearest } from './nearest.ts'
import { checkOptions, optionsOf } from './options.ts'
import { unfold } from './unfold.ts'

/** What recipes can be made of. */
export type Pantry = {
  readonly strategies: readonly StrategyFactory[]
  readonly scorers: readonly ScorerFactory[]
  /** Names of the operator's own, each for a model or a whole recipe. */
  readonly aliases: Readonly<Record<string, string>>
}

/** A name, understood: the upstream's model, and the strategies around it, innermost first. */
export type Recipe = {
  readonly model: string
  /** The operator's name for it, and the strategies that it stands for, by their full names. */
  readonly alias: string | undefined
  readonly within: readonly string[]
  /** The other strategies, and what the models are that their options name. */
  readonly strategies: readonly string[]
  readonly others: readonly Recipe[]
  /** The whole recipe with its strategies by their full names; equal to `model` where there are none. */
  readonly text: string
  readonly stages: readonly Strategy[]
  /** The most completions that it may ask for. */
  readonly calls: number
  /** What those of its steps may ask for by themselves whose numbers were left to us. */
  readonly unasked: number
}

/**
 * Understands a model name. Exact names win: an alias, or a model that `listed` has, is taken whole before anything is
 * parsed, and `extra` (a recipe given beside the name) is put around it. Throws BadRecipe.
 */
export function resolve(
  name: string,
  extra: string | undefined,
  listed: readonly string[],
  pantry: Pantry,
  within: readonly string[] = [],
): Recipe {
  const { model, alias, inner, suffixes } = unfold(name, listed, pantry.aliases, [])
  const hidden = inner.flatMap((suffix) => parseStages(suffix))
  const written = [...suffixes, ...(extra === undefined ? [] : [extra])].flatMap((suffix) => parseStages(suffix))
  const steps = [...hidden, ...written]
  if (!model) throw new BadRecipe(`"${name}" names no model; a recipe is model+strategy.`)
  if (model.length > longest) throw new BadRecipe(`The name of a model has at most ${longest} characters.`)
  if (steps.flat(2).length > most) throw new BadRecipe(`A recipe has at most ${most} strategies.`)
  const others: Recipe[] = []
  const named = (other: string) => {
    const path = [...within, name]
    if (path.length > 4 || path.includes(other)) throw new BadRecipe(`${path.join(' names ')} names "${other}".`)
    return resolve(other, undefined, listed, pantry, path)
  }
  const stages = steps.map((stage, index) =>
    joined(
      '|',
      beside,
      sideBySide,
      stage.map((way) =>
        joined(
          '&',
          pipe,
          inTurn,
          way.map((step) =>
            prepare(step, pantry, (other) => {
              const found = named(other)
              if (index >= hidden.length) others.push(found)
              return found.calls
            }),
          ),
        ),
      ),
    ),
  )
  const ids = (stages: typeof steps) => stages.flat(2).map(({ id }) => factoryOf(id, pantry.strategies)!.id)
  return {
    model,
    alias,
    within: ids(hidden),
    strategies: ids(written),
    others,
    text: [model, ...stages.map(({ text }) => text)].join('+'),
    stages: stages.map(({ wrap }) => wrap),
    calls: stages.reduce((inner, { calls }) => calls(inner), 1),
    unasked: steps.flat(2).reduce((sum, step) => sum + unaskedOf(step, pantry), 0),
  }
}

/** Each is a level of calls within calls; nobody means more than a few. */
const most = 16

const longest = 256

type Prepared = { readonly wrap: Strategy; readonly text: string; readonly calls: Calls }

/** Several as one, by the sign between them. */
const joined = (sign: string, join: typeof pipe, sum: typeof inTurn, parts: readonly Prepared[]): Prepared => ({
  text: parts.map(({ text }) => text).join(sign),
  wrap: parts.length === 1 ? parts[0]!.wrap : join(...parts.map(({ wrap }) => wrap)),
  calls: sum(parts.map(({ calls }) => calls)),
})

function prepare(step: Step, { strategies, scorers }: Pantry, named: (model: string) => number): Prepared {
  const factory = factoryOf(step.id, strategies)
  if (!factory) throw unknownStrategy(step.id, strategies)
  const options = optionsOf(step, factory)
  if (options['scorer'] !== undefined) checkScorer(factory.id, options['scorer'] as ScorerSpec, scorers)
  const calls = callsOf(factory, options, scorers, named)
  return { wrap: factory(options), text: writeStep({ ...step, id: factory.id }), calls }
}

/** A search by our own numbers ends at the operator's ceiling, where one by the client's is refused. */
function unaskedOf({ id, number, options }: Step, { strategies, scorers }: Pantry): number {
  const isNumbered = number !== undefined || Object.values(options).some((value) => typeof value === 'number')
  const factory = factoryOf(id, strategies)
  return isNumbered || !factory ? 0 : callsOf(factory, {}, scorers, () => 1)(1)
}

const factoryOf = (name: string, strategies: readonly StrategyFactory[]) =>
  strategies.find(({ id, aliases }) => id === name || aliases.includes(name))

/** A scorer that is not known, or given wrong options, is a mistake before anything is asked. */
function checkScorer(strategy: string, spec: ScorerSpec, scorers: readonly ScorerFactory[]): void {
  if (Array.isArray(spec)) {
    for (const part of spec) checkScorer(strategy, part, scorers)
    return
  }
  const { id, options } = (typeof spec === 'string' ? { id: spec, options: {} } : spec) as Named
  const factory = scorers.find((scorer) => scorer.id === id)
  const known = scorers.map(({ id }) => id)
  if (!factory)
    throw new BadRecipe(`${strategy}: scorer is "${id}"; allowed is one of ${known.join(', ')}.${nearest(id, known)}`)
  checkOptions(factory, options)
  // Some options only show what is wrong with them when they are used.
  factory(options)
}

function unknownStrategy(id: string, strategies: readonly StrategyFactory[]): BadRecipe {
  const names = strategies.flatMap(({ id, aliases }) => [id, ...aliases])
  const all = strategies.map(({ id, aliases }) => [id, ...aliases.map((alias) => `(${alias})`)].join(' ')).join(', ')
  return new BadRecipe(`There is no strategy "${id}".${nearest(id, names)} Strategies are ${all}.`)
}
