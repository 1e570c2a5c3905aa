import type { Tokenizer } from './tokenizer.ts'

type Likelihood = { readonly token: string; readonly logprob: number; readonly bytes: readonly number[] }

/** A chosen token in OpenAI's form, with its likeliest alternatives, itself among them. */
export type TokenLogprob = Likelihood & { readonly top_logprobs: readonly Likelihood[] }

/**
 * How likely the model held a token and its alternatives: the model's own probabilities, before temperature and cuts, as
 * vLLM reports them.
 */
export function logprobOf(logits: Float32Array, id: number, alternatives: number, { name }: Tokenizer): TokenLogprob {
  const highest = logits.reduce((most, logit) => Math.max(most, logit))
  const total = highest + Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit - highest), 0))
  const likelihood = (id: number): Likelihood => ({
    token: name(id),
    logprob: logits[id]! - total,
    bytes: [...new TextEncoder().encode(name(id))],
  })
  const best = alternatives === 0 ? [] : [...logits.keys()].sort((a, b) => logits[b]! - logits[a]! || a - b)
  return { ...likelihood(id), top_logprobs: best.slice(0, alternatives).map(likelihood) }
}
