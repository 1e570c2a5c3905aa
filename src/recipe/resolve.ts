import { BadRecipe, pipe, type Strategy, type StrategyFactory } from '#core'
import { parseStages, type Step } from './grammar.ts'
import { nearest } from './nearest.ts'
import { optionsOf } from './options.ts'

/** What recipes can be made of. */
export type Pantry = {
  readonly strategies: readonly StrategyFactory[]
  readonly scorers: readonly string[]
  /** Names of the operator's own, each for a model or a whole recipe. */
  readonly aliases: Readonly<Record<string, string>>
}

/** A name, understood: the upstream's model, and the strategies around it, innermost first. */
export type Recipe = {
  readonly model: string
  /** The whole recipe with its strategies by their full names; equal to `model` where there are none. */
  readonly text: string
  readonly stages: readonly Strategy[]
}

/**
 * Understands a model name. Exact names win: an alias, or a model that `listed` has, is taken whole before anything is
 * parsed, and `extra` (a recipe given beside the name) is put around it. Throws BadRecipe.
 */
export function resolve(name: string, extra: string | undefined, listed: readonly string[], pantry: Pantry): Recipe {
  const { model, suffixes } = unfold(name, listed, pantry.aliases, 0)
  const written = extra === undefined ? suffixes : [...suffixes, extra]
  const steps = written.flatMap((suffix) => parseStages(suffix))
  const stages = steps.map((stage) => stage.map((step) => prepare(step, pantry)))
  return {
    model,
    text: [model, ...stages.map((stage) => stage.map(({ text }) => text).join('&'))].join('+'),
    stages: stages.map((stage) => (stage.length === 1 ? stage[0]!.wrap : pipe(...stage.map(({ wrap }) => wrap)))),
  }
}

type Unfolded = { readonly model: string; readonly suffixes: readonly string[] }

/** An alias may stand for a recipe, whose model may be an alias again; the longest known beginning of a name is its model. */
function unfold(name: string, listed: readonly string[], aliases: Pantry['aliases'], deep: number): Unfolded {
  if (deep > 8) throw new BadRecipe(`The alias "${name}" stands for itself.`)
  const known = [...Object.keys(aliases), ...listed].filter((id) => name === id || name.startsWith(`${id}+`))
  const longest = known.sort((a, b) => b.length - a.length)[0]
  const model = longest ?? name.split('+', 1)[0]!
  const suffixes = name === model ? [] : [name.slice(model.length + 1)]
  if (!Object.hasOwn(aliases, model)) return { model, suffixes }
  const inner = unfold(aliases[model]!, listed, aliases, deep + 1)
  return { model: inner.model, suffixes: [...inner.suffixes, ...suffixes] }
}

function prepare(step: Step, { strategies, scorers }: Pantry): { wrap: Strategy; text: string } {
  const factory = strategies.find(({ id, aliases }) => id === step.id || aliases.includes(step.id))
  if (!factory) throw unknownStrategy(step.id, strategies)
  const options = optionsOf(step, factory)
  const { scorer } = options
  if (typeof scorer === 'string' && !scorers.includes(scorer))
    throw new BadRecipe(
      `${factory.id}: scorer is "${scorer}"; allowed is one of ${scorers.join(', ')}.${nearest(scorer, scorers)}`,
    )
  return { wrap: factory(options), text: textOf(step, factory.id) }
}

function unknownStrategy(id: string, strategies: readonly StrategyFactory[]): BadRecipe {
  const names = strategies.flatMap(({ id, aliases }) => [id, ...aliases])
  const all = strategies.map(({ id, aliases }) => [id, ...aliases.map((alias) => `(${alias})`)].join(' ')).join(', ')
  return new BadRecipe(`There is no strategy "${id}".${nearest(id, names)} Strategies are ${all}.`)
}

function textOf({ number, options }: Step, id: string): string {
  const given = Object.entries(options).map(([key, value]) => `${key}=${written(value)}`)
  return `${id}${number === undefined ? '' : `@${number}`}${given.length > 0 ? `(${given.join(',')})` : ''}`
}

const written = (value: unknown): string =>
  Array.isArray(value)
    ? `[${value.map(written).join(',')}]`
    : /^[\w.:/-]*$/.test(String(value))
      ? String(value)
      : JSON.stringify(value)
