import type { Prompt, Run } from '#core'

/** The question for samples that are drawn one by one: greedy ones would all be the same. */
export function varied(run: Run): Prompt {
  if (run.prompt.temperature !== 0) return run.prompt
  run.note('Temperature 0 would give the same sample each time, so the samples are drawn at 0.7.')
  return { ...run.prompt, temperature: 0.7 }
}
