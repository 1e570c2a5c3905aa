import { execute, type Scope, type Shared, Trace } from '#core'
import type { Config } from '../config/index.ts'
import { createEngine, httpOptions } from '../engine.ts'
import type { Caller, Plan } from '../http/engine.ts'
import { ceilingOf, limitsOf } from '../http/limits.ts'
import { inMemory } from '../remembered.ts'
import type { Transport } from '../upstream/transport.ts'
import type { Bank } from './bank.ts'
import { Banking } from './banked.ts'
import { type Contestant, votesOver } from './contestant.ts'

/** The upstreams, and on whose behalf they are asked. */
type Asked = { readonly transportOf: (upstream: string) => Transport; readonly caller: Caller }

type Recipe = Extract<Plan, { kind: 'recipe' }>

/**
 * Makes recipes that go through the engine that serves them, in this process, on a bank of samples. Rejects with BadRecipe
 * for one that cannot be made, or that may take more calls than one request may.
 */
export function contestantsHere(config: Config, { transportOf, caller }: Asked, bank: Bank, origin: string) {
  const banking = new Banking(bank)
  const around = (name: string) => banking.of(bankName(origin, name))
  const engine = createEngine(config, transportOf, inMemory(config), undefined, around)

  return async (model: string, recipe: string): Promise<Contestant> => {
    const plan = (await engine.plan(model, recipe, caller)) as Recipe
    const limits = limitsOf(plan.calls, plan.recipe, ceilingOf(caller, httpOptions(config)), {})
    const services: Recipe['context']['services'] = (name) => banking.service(plan.context.services!(name))
    const context = { ...plan.context, services, limits }
    const over = votesOver(model, plan.recipe)

    return {
      name: `${model}+${recipe}`,
      model,
      recipe,
      text: plan.recipe,
      ...(over === undefined ? {} : { votesOver: over }),
      async answer(prompt, signal) {
        const trace = new Trace()
        let shared: Shared | undefined
        const watched = (asked: typeof prompt, scope: Scope) => {
          shared = scope.shared
          return plan.model(asked, scope)
        }
        const { events, result, ledger } = execute(watched, prompt, { ...context, signal })
        result.catch(() => {})
        for await (const event of events) trace.add(event)
        const completion = await result
        const { votes } = trace
        const ms = Math.round(banking.clock(shared!).now)
        return { completion, calls: ledger.calls, usage: ledger.usage, ms, ...(votes ? { votes } : {}) }
      },
    }
  }
}

/** What the samples of a model are kept under: servers may call different models by one name. */
export const bankName = (origin: string, model: string) => `${model} @ ${origin}`
