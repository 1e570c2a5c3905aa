import type { Completion, Prompt } from './model.ts'
import type { TokenLogprob } from './scope.ts'

/** What the upstream said of a completion's tokens; some list those of the thinking apart. */
export function logprobsOf({ choiceExtra }: Completion): readonly TokenLogprob[] {
  const { reasoning_content: thinking, content } = (choiceExtra?.['logprobs'] ?? {}) as Lists
  return [thinking, content].flatMap((tokens) => (Array.isArray(tokens) ? (tokens as TokenLogprob[]) : []))
}

/** The completion with as many log-probabilities as the prompt itself asks for, whatever else they were asked for. */
export function withAskedLogprobs(completion: Completion, { rest = {} }: Pick<Prompt, 'rest'>): Completion {
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

/** Servers write -9999 for a token that cannot come, which says nothing of how sure the model was of one that did. */
export const isSaid = (logprob: number): boolean => Number.isFinite(logprob) && logprob > -1000

export const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length
