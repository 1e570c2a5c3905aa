import * as z from 'zod'
import { type Capability, inCapabilityWords } from './capability.ts'
import { Draws } from './draws.ts'
import { BadRecipe } from './errors.ts'
import type { Completion, Model, Strategy } from './model.ts'
import { Opinions } from './opinions.ts'
import { Outcome } from './outcome.ts'
import { Run } from './run.ts'
import type { ScorerSpec } from './scorer.ts'
import { votingOf } from './voting.ts'

/** What there is to know of a strategy before it is used. */
export type About = {
  /** One sentence. */
  readonly does: string
  /** (authors, year). */
  readonly source?: string
  /** The most completions it asks for, as a formula over its options; a scorer's own calls are `score` for each candidate. */
  readonly calls: string
  /** The most of them that wait for one another, likewise. */
  readonly depth: string
  /** What the upstream must be able to do; without it the strategy is refused. */
  readonly needs?: readonly Capability[]
  /** Short names. */
  readonly aliases?: readonly string[]
}

/** A named strategy: call it with options and it turns a model into a model. */
export type StrategyFactory<S extends z.ZodRawShape = z.ZodRawShape> = {
  (options?: z.input<z.ZodObject<S>>): Strategy
  /** The field's own name, in kebab case, as it is written after the model's name. */
  readonly id: string
  readonly about: About
  readonly schema: z.ZodObject<S>
  readonly aliases: readonly string[]
  /** The option that `@number` sets. */
  readonly leading: string | undefined
}

/**
 * Names a way of spending compute. The body reads like the paper; the core does everything else.
 *
 * `@number` in a recipe sets the first of the options.
 */
export function strategy<S extends z.ZodRawShape>(
  id: string,
  about: About,
  options: S,
  body: (run: Run, options: z.output<z.ZodObject<S>>) => Promise<Completion>,
): StrategyFactory<S> {
  const schema = z.strictObject(options)
  const factory = (input: z.input<z.ZodObject<S>> = {} as z.input<z.ZodObject<S>>): Strategy => {
    const options = schema.parse(input)
    const scorer = 'scorer' in options ? (options.scorer as ScorerSpec) : undefined
    return (model) => (prompt, outer) =>
      outer.run(
        'strategy',
        id,
        async (scope) => {
          const opinions = new Opinions(scope, scorer, model)
          const work = { prompt, model, scope, voting: votingOf(options), draws: new Draws(), opinions }
          const outcome = new Outcome(work)
          const run = new Run(work, outcome)
          for (const need of [...(about.needs ?? []), ...opinions.needs])
            if (!(await run.can(need))) throw unable(id, need)
          return outcome.of(body(run, options))
        },
        true,
      )
  }
  return Object.assign(factory, { id, about, schema, aliases: about.aliases ?? [], leading: Object.keys(options)[0] })
}

/** The refusal of a strategy, or of one of its options, whose upstream cannot do what it needs. */
export const unable = (what: string, need: Capability): BadRecipe =>
  new BadRecipe(
    `${what} needs an upstream that ${inCapabilityWords[need]}, and this one does not. If it does after all, say so with UPSTREAM_CAN.`,
  )

/** over(gpt, selfConsistency(), bestOfN()): each strategy treats everything before it as one model. */
export const over = (model: Model, ...strategies: readonly Strategy[]): Model =>
  strategies.reduce((inner, wrap) => wrap(inner), model)
