import { read } from './demo/ask.ts'
import { dice } from './demo/dice.ts'
import { reply } from './demo/reply.ts'
import { cut } from './demo/tokens.ts'
import { completion, events, model } from './demo/wire.ts'
import { served } from './served/routes.ts'
import { streamed } from './served/streamed.ts'

/** How the simulation behaves. */
export type DemoOptions = {
  /** The probability, 0 to 1, that a sampled solution contains a slip that makes it wrong. Default 0.35. */
  errorRate?: number
  /** Makes a whole sequence of requests without a `seed` of their own reproducible. Default: random. */
  seed?: number
  /** Milliseconds between chunks, 0 or more; a reply in one piece takes as long as its chunks would. Default 0. */
  pace?: number
}

/** The chunks at their pace, until the signal aborts. */
async function* paced(chunks: Iterable<string>, pace: number, signal: AbortSignal) {
  for (const chunk of chunks) {
    if (pace > 0) await new Promise((resolve) => setTimeout(resolve, pace))
    signal.throwIfAborted()
    yield chunk
  }
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
export const demo = ({ errorRate = 0.35, seed, pace = 0 }: DemoOptions = {}) => {
  let requests = 0
  return served(model, async (body, signal) => {
    const ask = read(body)
    if (ask instanceof Response) return ask

    requests += 1
    const own = ask.seed ?? (seed === undefined ? crypto.randomUUID() : `${seed}/${requests}`)
    const prompt = JSON.stringify(ask.messages)
    const choices = Array.from({ length: ask.count }, (_, index) => {
      const throws = dice(ask.greedy ? prompt : `${own}/${index}/${prompt}`, ask.greedy)
      return cut(reply(ask, errorRate, throws), ask.stops, ask.limit)
    })
    const chunks = paced(events(ask, choices), pace, signal)
    if (ask.stream) return streamed(chunks)
    if (pace > 0) for await (const _ of chunks);
    return completion(ask, choices)
  })
}
