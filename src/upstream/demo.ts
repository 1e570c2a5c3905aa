import { read } from './demo/ask.ts'
import { dice } from './demo/dice.ts'
import { reply } from './demo/reply.ts'
import { cut } from './demo/tokens.ts'
import { completion, model, stream } from './demo/wire.ts'
import { served } from './served/routes.ts'

/** How the simulation behaves. */
export type DemoOptions = {
  /** The probability, 0 to 1, that a sampled solution contains a slip that makes it wrong. Default 0.35. */
  errorRate?: number
}

/**
 * The embedded default upstream: an honest simulation of a small reasoning model that only does arithmetic.
 *
 * It speaks the OpenAI API (chat completions and models), thinks in a `<think>` block and, sampled, goes wrong at real
 * steps of the computation, so that wrong answers scatter while the right one recurs. One token is one word, number,
 * punctuation mark or think tag.
 *
 * @returns a function like fetch, which never leaves the process
 */
export const demo = ({ errorRate = 0.35 }: DemoOptions = {}) =>
  served(model, async (body) => {
    const ask = read(body)
    if (ask instanceof Response) return ask
    const { count, greedy, stops, limit, seed = crypto.randomUUID() } = ask
    const prompt = JSON.stringify(ask.messages)
    const choices = Array.from({ length: count }, (_, index) => {
      const throws = dice(greedy ? prompt : `${seed}/${index}/${prompt}`, greedy)
      return cut(reply(ask, errorRate, throws), stops, limit)
    })
    return ask.stream ? stream(ask, choices) : completion(ask, choices)
  })
