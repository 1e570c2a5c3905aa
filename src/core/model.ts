/** The vocabulary: a prompt goes in, a completion comes out, and anything that does that is a Model. */
import type { Scope } from './scope.ts'

/** One turn of a conversation, as OpenAI's chat API has it. Fields the core does not know travel along untouched. */
export type Message = { readonly role: string; readonly content?: unknown; readonly [field: string]: unknown }

/** What is asked. Immutable: a changed prompt is a new one, made by spread. */
export type Prompt = {
  readonly messages: readonly Message[]
  /** Sampling temperature, 0 to 2; absent means the upstream's own default. */
  readonly temperature?: number
  /** A strategy's own limit in tokens, in place of the limits the client sent (which travel in `rest`). */
  readonly maxTokens?: number
  /** Strings that end the visible answer. They never act on the thinking. */
  readonly stop?: readonly string[]
  /** The last message is the assistant's and unfinished: the completion goes on with it, and has only what is new. */
  readonly continues?: true
  /** The client's seed; each sample derives its own from it. */
  readonly seed?: number
  /** Every other field of the client's request (tools, response_format, top_p, vendor fields), sent as it is. */
  readonly rest?: Readonly<Record<string, unknown>>
}

/** Tokens of one upstream request, and its cost in US dollars where the upstream says it. */
export type Usage = {
  readonly input: number
  readonly output: number
  readonly reasoning?: number
  readonly cached?: number
  readonly cost?: number
  /** Set when the upstream gave no count (a cancelled stream), so that it was estimated from the text. */
  readonly estimated?: true
}

export type ToolCall = {
  readonly id: string
  readonly type: string
  readonly function: { readonly name: string; readonly arguments: string }
}

/** Why a completion ended. `budget`: the request's budget or deadline ended first, and this was the best so far. */
export type Finish = 'stop' | 'length' | 'tool_calls' | 'filter' | 'budget'

export type Completion = {
  /** The visible answer, without any thinking. */
  readonly text: string
  readonly thinking?: string
  readonly toolCalls?: readonly ToolCall[]
  readonly finish: Finish
  /** The stop string that it ended at, if one ended it: there may have been more to say. */
  readonly stopped?: string
  /** Its place among the samples of one question, from 0; ties go to the lowest. */
  readonly index?: number
  /** The span in which it was said; of one that a strategy made or chose, the span of the sample that it is. */
  readonly span?: string
  /** The next best distinct answers, best first, where the strategy has any. */
  readonly others?: readonly Completion[]
  /** Fields of the upstream's choice that are none of the above (logprobs). */
  readonly choiceExtra?: Readonly<Record<string, unknown>>
  /** Fields of the upstream's message that are none of the above (refusal, annotations). */
  readonly messageExtra?: Readonly<Record<string, unknown>>
}

/** The completion as the best so far. That it was cut off or calls a tool says more of it than that the budget ended. */
export const bestSoFar = (completion: Completion): Completion =>
  completion.finish === 'stop' ? { ...completion, finish: 'budget' } : completion

/** Ask, within a scope that says how long to try, what may be spent and whether the words are the client's answer. */
export type Model = (prompt: Prompt, scope: Scope) => Promise<Completion>

/** A strategy turns a model into a model; so do caching, metering and limiting. */
export type Strategy = (model: Model) => Model

/**
 * The same prompt with something more said at its end: in a turn of its own, or at the end of the last one if that is of
 * the same role, because some chat templates refuse two turns of one role in a row.
 */
export function say(prompt: Prompt, role: string, content: string): Prompt {
  const last = prompt.messages.at(-1)
  if (last?.role !== role || !(typeof last.content === 'string' || Array.isArray(last.content)))
    return { ...prompt, messages: [...prompt.messages, { role, content }] }
  const more = Array.isArray(last.content)
    ? [...last.content, { type: 'text', text: content }]
    : `${last.content}\n\n${content}`
  return { ...prompt, messages: [...prompt.messages.slice(0, -1), { ...last, content: more }] }
}

/** The prompt whose completion goes on with `text`, for an upstream that continues what the assistant has begun. */
export const goOn = (prompt: Prompt, text: string): Prompt => ({
  ...prompt,
  messages: [...prompt.messages, { role: 'assistant', content: text }],
  continues: true,
})

/** The prompt for a call whose reply is read here: without what shapes the client's answer (tools, format, stops). */
export function inWords({ stop: _stop, rest = {}, ...prompt }: Prompt): Prompt {
  const kept = Object.entries(rest).filter(([field]) => !shapesTheAnswer.has(field))
  return { ...prompt, rest: Object.fromEntries(kept) }
}

const shapesTheAnswer = new Set([
  'tools',
  'tool_choice',
  'parallel_tool_calls',
  'functions',
  'function_call',
  'response_format',
  'logprobs',
  'top_logprobs',
])
