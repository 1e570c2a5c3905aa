import type { Prompt } from '#core'

/** Asked more warmly or more coolly than the client asks. Where nobody set a temperature it is left alone: some models refuse any. */
export const warmed = (prompt: Prompt, factor: number): Prompt =>
  prompt.temperature === undefined ? prompt : { ...prompt, temperature: Math.min(2, prompt.temperature * factor) }
