import {
  type Completion,
  type ExecuteOptions,
  execute,
  type Model,
  metered,
  type Prompt,
  type Scope,
  type Strategy,
} from '#core'
import { AnswerTally } from '#vote'
import { scorerOf } from '../../src/scorers/index.ts'
import { Rounds } from './rounds.ts'

/** What stands in for an upstream: answers at once, and says how many tokens that took. */
export type Answerer = (prompt: Prompt, scope: Scope) => { readonly completion: Completion; readonly tokens: number }

/** What a strategy came to on one question. */
export type Measured = {
  readonly completion: Completion
  readonly calls: number
  /** Calls that had to wait for one another. */
  readonly depth: number
  readonly tokens: number
}

/** Runs a strategy on one question. Rejects with what it fails with. */
export async function measured(
  answer: Answerer,
  strategy: Strategy,
  prompt: Prompt,
  context: Partial<ExecuteOptions> = {},
): Promise<Measured> {
  const rounds = new Rounds()
  const model: Model = metered('bench')(async (prompt, scope) => {
    const book = scope.shared.ledger.open()
    await rounds.turn()
    const { completion, tokens } = answer(prompt, scope)
    book({ input: 0, output: scope.signal.aborted ? 0 : tokens })
    return completion
  })
  const { events, result, ledger } = execute(strategy(model), prompt, {
    models: () => model,
    scorers: scorerOf,
    tally: (question, note, voting) => new AnswerTally(question, note, voting),
    ...context,
  })
  for await (const _ of events);
  const completion = await result
  return { completion, calls: ledger.calls, depth: rounds.count, tokens: ledger.usage.output }
}
