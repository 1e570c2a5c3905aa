import { splitThinking } from '#answers'
import { type Message, type Prompt, seedFor } from '#core'
import type { Seat } from './coalesced.ts'
import { type Effort, inEffort } from './effort.ts'

export type Dialect = {
  /** The model's name as the upstream knows it. */
  readonly model: string
  /** The field that carries a limit of ours; one the client sent keeps its name. */
  readonly limitField: 'max_tokens' | 'max_completion_tokens'
  /** Tokens added to every limit, for a model whose thinking counts against it. */
  readonly thinkingTokens: number
  /** How it is told how long to think; default reasoning_effort. */
  readonly effort?: Effort
}

/** The request body for as many completions of one prompt as there are seats. */
export function bodyOf(prompt: Prompt, seats: readonly Seat[], dialect: Dialect, countsStreams: boolean): string {
  const { temperature, seed, rest, messages, continues } = prompt
  const [first] = seats
  const limited = limits(prompt, dialect)
  return JSON.stringify({
    ...inEffort({ ...rest, ...limited }, dialect.effort),
    model: dialect.model,
    // What is gone on with is not an earlier turn: its thinking stays.
    messages: messages.map((message, at) =>
      continues && at === messages.length - 1 ? message : forgetThinking(message),
    ),
    ...(temperature === undefined ? {} : { temperature }),
    ...(seed === undefined || !first ? {} : { seed: seedFor(seed, first.scope.draws) }),
    ...(seats.length > 1 ? { n: seats.length } : {}),
    stream: true,
    ...(countsStreams ? { stream_options: { include_usage: true } } : {}),
  })
}

const limitFields = ['max_tokens', 'max_completion_tokens'] as const

/** A strategy's own limit replaces the client's; a limit that nobody asked for is never invented. */
function limits({ maxTokens, rest = {} }: Prompt, { limitField, thinkingTokens }: Dialect): Record<string, unknown> {
  const sent = limitFields.filter((field) => typeof rest[field] === 'number')
  if (maxTokens !== undefined) {
    const field = sent[0] ?? limitField
    return Object.fromEntries([...sent.map((name) => [name, undefined]), [field, maxTokens + thinkingTokens]])
  }
  return Object.fromEntries(sent.map((field) => [field, (rest[field] as number) + thinkingTokens]))
}

/** A reasoning trace is never sent upstream again: models were trained without it, and it only costs. */
function forgetThinking(message: Message): Message {
  if (message.role !== 'assistant') return message
  const { reasoning_content: _a, reasoning: _b, reasoning_details: _c, thinking: _d, ...kept } = message
  if (Array.isArray(kept.content)) return { ...kept, content: kept.content.filter((part) => part?.type !== 'thinking') }
  if (typeof kept.content !== 'string') return kept
  const { answer, state } = splitThinking(kept.content, { unwrap: false })
  return state === 'closed' ? { ...kept, content: answer } : kept
}
