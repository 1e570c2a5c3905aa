import { isObject } from '#answers'
import type { Prompt } from '#core'

/** How hard the client wants the model to think: OpenAI's field, or OpenRouter's. */
export function effortOf({ rest = {} }: Prompt): string | undefined {
  const { reasoning_effort: effort, reasoning } = rest
  const asked = effort ?? (isObject(reasoning) ? reasoning['effort'] : undefined)
  return typeof asked === 'string' ? asked.toLowerCase() : undefined
}

/** `max` is our word: it becomes the highest effort that every upstream with such a setting knows. */
export function withKnownEffort(prompt: Prompt): Prompt {
  if (effortOf(prompt) !== 'max') return prompt
  const { reasoning } = prompt.rest ?? {}
  const field = isObject(reasoning) ? { reasoning: { ...reasoning, effort: 'high' } } : { reasoning_effort: 'high' }
  return { ...prompt, rest: { ...prompt.rest, ...field } }
}
