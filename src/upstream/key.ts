import { canonicalJson } from '#answers'
import type { Prompt } from '#core'

/** Sixteen samples of one prompt are sixteen times the same object, so it is read once. */
export function oncePerPrompt(read: (prompt: Prompt) => string): (prompt: Prompt) => string {
  const keys = new WeakMap<Prompt, string>()
  return (prompt) => {
    const known = keys.get(prompt)
    if (known !== undefined) return known
    const key = read(prompt)
    keys.set(prompt, key)
    return key
  }
}

/** Equal prompts have equal keys. */
export const keyOf = oncePerPrompt(canonicalJson)
