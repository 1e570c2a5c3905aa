import type { Completion, Drawing, Prompt, Run, TokenLogprob } from '#core'

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
      yield { path: asAsked(sample, run.prompt), tokens: tokensOf(sample) }
  }
}

/** The mean log-probability of the tokens as a probability, which is the geometric mean of theirs. */
export function meanProbability(tokens: readonly TokenLogprob[]): number | undefined {
  const said = tokens.map(({ logprob }) => logprob).filter(isSaid)
  return said.length > 0 ? Math.exp(Math.min(0, meanOf(said))) : undefined
}

export const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length

/** Servers write -9999 for a token that cannot come, which says nothing of how sure the model was of one that did. */
export const isSaid = (logprob: number): boolean => Number.isFinite(logprob) && logprob > -1000

/** Some upstreams list those of the thinking apart. */
function tokensOf({ choiceExtra }: Completion): readonly TokenLogprob[] {
  const { reasoning_content: thinking, content } = (choiceExtra?.['logprobs'] ?? {}) as Lists
  return [thinking, content].flatMap((tokens) => (Array.isArray(tokens) ? (tokens as TokenLogprob[]) : []))
}

function asAsked(completion: Completion, { rest = {} }: Prompt): Completion {
  const { choiceExtra = {}, ...path } = completion
  const { logprobs, ...extra } = choiceExtra
  const asked = rest['logprobs'] && logprobs ? { logprobs: trimmed(logprobs, Number(rest['top_logprobs'] ?? 0)) } : {}
  const kept = { ...extra, ...asked }
  return Object.keys(kept).length > 0 ? { ...path, choiceExtra: kept } : path
}

type Lists = Readonly<Record<string, unknown>>

function trimmed(lists: object, most: number): object {
  const trim = (token: TokenLogprob) => ({ ...token, top_logprobs: token.top_logprobs?.slice(0, most) ?? [] })
  const entries = Object.entries(lists as Lists)
  return Object.fromEntries(entries.map(([name, tokens]) => [name, Array.isArray(tokens) ? tokens.map(trim) : tokens]))
}
