import type { Completion, Prompt, Run } from '#core'

/** `n` replies to a prompt that is read here; those that fail are done without. Several greedy ones would all be one. */
export async function readings(run: Run, prompt: Prompt, n: number): Promise<Completion[]> {
  const varied = n > 1 && prompt.temperature === 0 ? { ...prompt, temperature: 0.7 } : prompt
  const replies = await run.each(Array.from({ length: n }), () => run.optional(run.sample(varied)))
  return replies.filter((reply) => reply !== undefined)
}
