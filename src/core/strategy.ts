import * as z from 'zod'
import { BudgetExhausted } from './errors.ts'
import { bestSoFar, type Completion, type Model, type Strategy } from './model.ts'
import { Run } from './run.ts'
import { votingOf } from './voting.ts'

/** A named strategy: call it with options and it turns a model into a model. */
export type StrategyFactory<S extends z.ZodRawShape = z.ZodRawShape> = {
  (options?: z.input<z.ZodObject<S>>): Strategy
  /** The field's own name, in kebab case, as it is written after the model's name. */
  readonly id: string
  readonly schema: z.ZodObject<S>
  /** Short names. */
  readonly aliases: readonly string[]
  /** The option that `@number` sets. */
  readonly leading: string | undefined
}

/** An option that names a scorer, for strategies that call `run.score`; the core binds it. */
export const scorer = () => z.string().default('judge')

/**
 * Names a way of spending compute. The body reads like the paper; the core does everything else.
 *
 * `@number` in a recipe sets the first option of `shape`.
 */
export function strategy<S extends z.ZodRawShape>(
  id: string,
  shape: S,
  body: (run: Run, options: z.output<z.ZodObject<S>>) => Promise<Completion>,
  aliases: readonly string[] = [],
): StrategyFactory<S> {
  const schema = z.strictObject(shape)
  const factory = (input: z.input<z.ZodObject<S>> = {} as z.input<z.ZodObject<S>>): Strategy => {
    const options = schema.parse(input)
    const scorerName = 'scorer' in options && typeof options.scorer === 'string' ? options.scorer : undefined
    return (model) => (prompt, outer) =>
      outer.run(
        'strategy',
        id,
        async (scope) => {
          const run = new Run(prompt, model, scope, scorerName, votingOf(options))
          const { ledger } = scope.shared
          try {
            const completion = run.settle(await run.agree(await body(run, options)))
            return ledger.exhausted ? bestSoFar(completion) : completion
          } catch (error) {
            const best = error instanceof BudgetExhausted ? run.rescue(error) : undefined
            if (!best) throw error
            return bestSoFar(best)
          }
        },
        true,
      )
  }
  return Object.assign(factory, { id, schema, aliases, leading: Object.keys(shape)[0] })
}

/** over(gpt, selfConsistency(), bestOfN()): each strategy treats everything before it as one model. */
export const over = (model: Model, ...strategies: readonly Strategy[]): Model =>
  strategies.reduce((inner, wrap) => wrap(inner), model)
