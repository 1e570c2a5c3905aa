import { withAskedLogprobs } from './logprobs.ts'
import type { Completion, Prompt } from './model.ts'
import type { Asks } from './scorer.ts'

/** The prompt with what a scorer asks for in it. */
export const asking = (prompt: Prompt, asks: Asks | undefined): Prompt =>
  asks ? { ...prompt, rest: { ...prompt.rest, ...asks } } : prompt

/** The completion with no more in it than the client asked for, whatever a scorer asked for beside that. */
export function unasked(completion: Completion, asks: Asks | undefined, prompt: Prompt): Completion {
  if (!asks || !('logprobs' in asks)) return completion
  const { others } = completion
  const best = withAskedLogprobs(completion, prompt)
  return others ? { ...best, others: others.map((other) => withAskedLogprobs(other, prompt)) } : best
}
