import { nextBest } from './sampler.ts'
import type { Tokenizer } from './tokenizer.ts'

type Likelihood = { readonly token: string; readonly logprob: number; readonly bytes: readonly number[] }

/** A chosen token in OpenAI's form, with its likeliest alternatives, itself among them. */
export type TokenLogprob = Likelihood & { readonly top_logprobs: readonly Likelihood[] }

/**
 * How likely the model held a token and its alternatives: the model's own probabilities, before temperature and cuts, as
 * vLLM reports them.
 */
export function logprobOf(logits: Float32Array, id: number, alternatives: number, { name }: Tokenizer): TokenLogprob {
  const best = nextBest(logits, -1)
  const total = logits[best]! + Math.log(massOf(logits, logits[best]!))
  const likelihood = (id: number): Likelihood => ({
    token: name(id),
    logprob: logits[id]! - total,
    bytes: [...encoder.encode(name(id))],
  })
  const top: Likelihood[] = []
  for (let next = best; top.length < alternatives && next >= 0; next = nextBest(logits, next))
    top.push(likelihood(next))
  return { ...likelihood(id), top_logprobs: top }
}

const encoder = new TextEncoder()

function massOf(logits: Float32Array, highest: number): number {
  let mass = 0
  for (let id = 0; id < logits.length; id++) mass += Math.exp(logits[id]! - highest)
  return mass
}
