import type { Completion, Run, Tally } from '#core'

/** Those with words for a model to read; one that was cut off is read only where all were. */
export function readable(candidates: readonly Completion[]): readonly Completion[] {
  const spoken = candidates.filter(({ text, toolCalls }) => text.trim() !== '' && !toolCalls?.length)
  const whole = spoken.filter(({ finish }) => finish === 'stop' || finish === 'budget')
  return whole.length > 0 ? whole : spoken
}

/** Whether some call tools. Those are compared by what they call, and are nothing that another answer could be made of. */
export const callTools = (candidates: readonly Completion[]): boolean =>
  candidates.some(({ toolCalls }) => toolCalls?.length)

export function voteOver(run: Run, candidates: readonly Completion[], score?: number): Tally {
  const tally = run.tally()
  for (const candidate of candidates) tally.add(candidate, score)
  return tally
}
