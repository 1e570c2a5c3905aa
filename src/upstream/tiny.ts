import { refusal } from './served/refusal.ts'
import { served } from './served/routes.ts'
import { streamed } from './served/streamed.ts'
import { read } from './tiny/ask.ts'
import { card } from './tiny/card.ts'
import { Engine } from './tiny/engine.ts'
import { bestKernel } from './tiny/kernel/best.ts'
import type { Kernel } from './tiny/kernel/kernel.ts'
import { readWeights } from './tiny/weights.ts'
import { completion, events } from './tiny/wire.ts'

export type TinyOptions = {
  /** Gives the weight file; asked for it once, at the first completion, and again only if that failed. */
  readonly weights: () => Promise<Uint8Array>
  /** What computes. Default: the fastest that the runtime allows. */
  readonly kernel?: () => Kernel
}

/**
 * tiny-r1, a small reasoning model, run in the process: an upstream without a network.
 *
 * It speaks the OpenAI API (chat completions and models), with `n`, `seed`, `stop`, `logprobs` and the continuation of a
 * begun message as vLLM has them, and thinks in a `<think>` block inside the content.
 *
 * @returns a function like fetch, which never leaves the process
 */
export function tiny({ weights, kernel = bestKernel }: TinyOptions): (request: Request) => Promise<Response> {
  let loading: Promise<Engine> | undefined
  const load = () => {
    loading ??= weights().then((file) => new Engine(readWeights(file), kernel()))
    return loading.catch((error: unknown) => {
      loading = undefined
      console.error('The weights of tiny-r1 could not be read:', error)
      return unreadable()
    })
  }

  return served(card, async (body, signal) => {
    const ask = read(body)
    if (ask instanceof Response) return ask
    const model = await load()
    if (model instanceof Response) return model
    const prompt = model.promptOf(ask)
    if (prompt.length >= model.context) return tooLong(prompt.length, model.context)

    const count = { prompt: prompt.length, completion: 0 }
    const pieces = model.generate(prompt, ask, signal)
    return ask.stream ? streamed(events(pieces, count, ask)) : completion(pieces, count, ask)
  })
}

const unreadable = () => refusal(503, 'The weights of tiny-r1 could not be read.', null, 'weights_unreadable')

const tooLong = (tokens: number, context: number) =>
  refusal(
    400,
    `This model's maximum context length is ${context} tokens, of which the reply needs at least one; ` +
      `your messages take ${tokens} tokens. Please reduce the length of the messages.`,
    'messages',
    'context_length_exceeded',
  )
