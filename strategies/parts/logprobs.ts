import {
  type Completion,
  type Drawing,
  isSaid,
  logprobsOf,
  meanOf,
  type Run,
  type TokenLogprob,
  withAskedLogprobs,
} from '#core'

/** A path as the client may see it, and what the upstream said of its tokens. */
export type Sure = { readonly path: Completion; readonly tokens: readonly TokenLogprob[] }

/**
 * Draws samples that come with the log-probabilities of their tokens, of which the client gets what it asked for itself and
 * no more. All draws are of one question, however often it is called.
 */
export function drawingSure(run: Run): (n: number, drawing?: Drawing) => AsyncIterable<Sure> {
  const prompt = { ...run.prompt, rest: { ...run.prompt.rest, logprobs: true, top_logprobs: 20 } }
  return async function* (n, drawing = {}) {
    for await (const sample of run.samples(n, { ...drawing, prompt }))
      yield { path: withAskedLogprobs(sample, run.prompt), tokens: logprobsOf(sample) }
  }
}

/** The mean log-probability of the tokens as a probability, which is the geometric mean of theirs. */
export function meanProbability(tokens: readonly TokenLogprob[]): number | undefined {
  const said = tokens.map(({ logprob }) => logprob).filter(isSaid)
  return said.length > 0 ? Math.exp(Math.min(0, meanOf(said))) : undefined
}
