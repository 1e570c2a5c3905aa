import type { Usage } from '#core'
import { usageOf, type WireUsage } from './wire.ts'

type Fields = Readonly<Record<string, unknown>>

const fieldsOf = (value: unknown): Fields | undefined =>
  typeof value === 'object' && value !== null ? (value as Fields) : undefined

/** What a reply, or an event of one, says of its price, in the words of any of the doors. */
export function anyUsage(said: unknown): Usage | undefined {
  const fields = fieldsOf(said)
  const inner = fieldsOf(fields?.['response']) ?? fieldsOf(fields?.['message'])
  const usage = fieldsOf(fields?.['usage']) ?? fieldsOf(inner?.['usage'])
  if (!usage) return undefined
  return usageOf('input_tokens' in usage || 'output_tokens' in usage ? inOpenAIs(usage) : usage)
}

/** Anthropic counts what it had read before apart from the rest. */
function inOpenAIs(usage: Fields): WireUsage {
  const number = (field: string) => (typeof usage[field] === 'number' ? (usage[field] as number) : 0)
  const [read, written] = [number('cache_read_input_tokens'), number('cache_creation_input_tokens')]
  return {
    ...usage,
    prompt_tokens: number('input_tokens') + read + written,
    completion_tokens: number('output_tokens'),
    prompt_tokens_details: read > 0 ? { cached_tokens: read } : (usage['input_tokens_details'] ?? null),
    completion_tokens_details: usage['output_tokens_details'] ?? null,
  }
}
