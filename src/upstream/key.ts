import { canonicalJson } from '#answers'
import type { Prompt } from '#core'

const keys = new WeakMap<Prompt, string>()

/** Equal prompts have equal keys. Sixteen samples of one prompt are sixteen times the same object, so it is read once. */
export function keyOf(prompt: Prompt): string {
  const known = keys.get(prompt)
  if (known !== undefined) return known
  const key = canonicalJson(prompt)
  keys.set(prompt, key)
  return key
}
