/** The parts of OpenAI's chat wire format that are read, in the dialects upstreams speak it in. */
import { reasoningOf } from '#answers'
import type { TokenLogprob, Usage } from '#core'

/** A choice of a streamed chunk (with `delta`) or of a whole response (with `message`). */
export type Choice = {
  readonly index?: number
  readonly delta?: Said
  readonly message?: Said
  readonly finish_reason?: string | null
  readonly [field: string]: unknown
}

export type Said = {
  readonly content?: unknown
  readonly tool_calls?: readonly ToolCallDelta[] | null
  readonly [field: string]: unknown
}

export type ToolCallDelta = {
  readonly index?: number
  readonly id?: string
  readonly type?: string
  readonly function?: { readonly name?: string; readonly arguments?: string }
}

/** A chunk, or a whole response. */
export type Chunk = {
  readonly choices?: readonly Choice[]
  readonly usage?: WireUsage | null
  readonly error?: unknown
}

export type WireUsage = {
  readonly prompt_tokens?: number
  readonly completion_tokens?: number
  readonly prompt_cache_hit_tokens?: number
  readonly cost?: number
  readonly prompt_tokens_details?: { readonly cached_tokens?: number } | null
  readonly completion_tokens_details?: { readonly reasoning_tokens?: number } | null
}

/** Passes on what the upstream counted; a detail that it did not count, or that is no count, stays absent. */
export function usageOf(usage: WireUsage): Usage {
  const detail = (name: 'reasoning' | 'cached' | 'cost', value: unknown) => (isCount(value) ? { [name]: value } : {})
  return {
    input: isCount(usage.prompt_tokens) ? usage.prompt_tokens : 0,
    output: isCount(usage.completion_tokens) ? usage.completion_tokens : 0,
    ...detail('reasoning', usage.completion_tokens_details?.reasoning_tokens),
    ...detail('cached', usage.prompt_tokens_details?.cached_tokens ?? usage.prompt_cache_hit_tokens),
    ...detail('cost', usage.cost),
  }
}

/** A number below nothing would give back what others have spent. */
const isCount = (value: unknown): value is number => typeof value === 'number' && value >= 0 && value < Infinity

/** The likelihoods that came with a choice; some servers list those of the thinking apart. */
export function logprobsOf(logprobs: unknown): readonly TokenLogprob[] {
  const { reasoning_content: thinking, content } = (logprobs ?? {}) as Readonly<Record<string, unknown>>
  return [thinking, content].flatMap((listed) => (Array.isArray(listed) ? (listed as TokenLogprob[]) : []))
}

const readElsewhere = new Set([
  'role',
  'content',
  'tool_calls',
  'reasoning_content',
  'reasoning',
  'reasoning_details',
  'thinking',
])

/** Fields of a message that have been read into the completion already. */
export const isReadElsewhere = (name: string): boolean => readElsewhere.has(name)

/** Thinking that stands in a field of its own, or in parts of the content (Mistral). */
export function thinkingOf(said: Said): string {
  const parts = Array.isArray(said.content) ? said.content.filter((part) => part?.type === 'thinking') : []
  return reasoningOf(said) + parts.map(({ thinking }) => textOf(thinking)).join('')
}

/** The words of a content: a string, or the text parts of a list. */
export function textOf(content: unknown): string {
  if (typeof content === 'string') return content
  if (!Array.isArray(content)) return ''
  return content.map((part) => (part?.type === 'text' && typeof part.text === 'string' ? part.text : '')).join('')
}
