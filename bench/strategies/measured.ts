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
import { Clock } from '../../src/eval/clock.ts'
import { scorerOf } from '../../src/scorers/index.ts'
import { Chains } from './chains.ts'

/** What stands in for an upstream: what it says, and in how many tokens. */
export type Answerer = (prompt: Prompt, scope: Scope) => { readonly completion: Completion; readonly tokens: number }

/** What a strategy came to on one question. */
export type Measured = {
  readonly completion: Completion
  readonly calls: number
  /** Calls that had to wait for one another. */
  readonly depth: number
  /** Tokens written, those of cancelled calls among them. */
  readonly tokens: number
  /** How long it took, in the time that the model takes for a token. */
  readonly time: number
  /** What was noted for programs. */
  readonly notes: readonly unknown[]
}

/**
 * Runs a strategy on one question, with a model that writes a token per unit of time, and a stronger one for a strategy
 * that asks another. Rejects with what it fails with.
 */
export async function measured(
  answer: Answerer,
  strategy: Strategy,
  prompt: Prompt,
  { strong = answer, ...context }: Partial<ExecuteOptions> & { strong?: Answerer } = {},
): Promise<Measured> {
  const clock = new Clock()
  const chains = new Chains()
  const modelOf = (answer: Answerer): Model =>
    metered('bench')(async (prompt, scope) => {
      const book = scope.shared.ledger.open()
      const { completion, tokens } = answer(prompt, scope)
      book({ input: 0, output: await clock.pass(tokens, scope.signal) })
      return completion
    })
  const { events, result, ledger } = execute(strategy(modelOf(answer)), prompt, {
    models: () => modelOf(strong),
    scorers: scorerOf,
    tally: (question, note, voting) => new AnswerTally(question, note, voting),
    ...context,
  })
  const notes: unknown[] = []
  for await (const event of events) {
    chains.add(event)
    if (event.type === 'note') notes.push(event.data)
  }
  const completion = await result
  return { completion, calls: ledger.calls, depth: chains.longest, tokens: ledger.usage.output, time: clock.now, notes }
}
