import type { Completion, Prompt } from './model.ts'
import type { TokenLogprob } from './scope.ts'
import type { Asks } from './scorer.ts'

/** The prompt with what a scorer asks for in it. */
export const asking = (prompt: Prompt, asks: Asks | undefined): Prompt =>
  asks ? { ...prompt, rest: { ...prompt.rest, ...asks } } : prompt

/** The completion with no more in it than the client asked for, whatever a scorer asked for beside that. */
export function unasked(completion: Completion, asks: Asks | undefined, { rest = {} }: Prompt): Completion {
  if (!asks || !('logprobs' in asks)) return completion
  const { choiceExtra: { logprobs, ...extra } = {}, ...bare } = completion
  const kept = rest['logprobs'] ? { ...extra, logprobs: fewer(logprobs, Number(rest['top_logprobs'] ?? 0)) } : extra
  return {
    ...bare,
    ...(Object.keys(kept).length > 0 ? { choiceExtra: kept } : {}),
    ...(bare.others ? { others: bare.others.map((other) => unasked(other, asks, { messages: [], rest })) } : {}),
  }
}

function fewer(logprobs: unknown, most: number): unknown {
  const { content } = (logprobs ?? {}) as { content?: readonly TokenLogprob[] | null }
  if (!content) return logprobs
  return {
    ...(logprobs as object),
    content: content.map((token) => ({ ...token, top_logprobs: (token.top_logprobs ?? []).slice(0, most) })),
  }
}
