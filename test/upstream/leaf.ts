import { type Completion, type Event, execute, type Ledger, type Limits, type Model, type Prompt } from '#core'
import { nodeTransport } from '../../src/node/transport.ts'
import { fetchTransport } from '../../src/upstream/fetch-transport.ts'
import { type Caller, createUpstream, type UpstreamOptions } from '../../src/upstream/index.ts'
import type { Transport } from '../../src/upstream/transport.ts'

type To = (baseUrl: string, timeoutMs?: number) => Transport

export const overNode: To = (baseUrl, timeoutMs = 10_000) => nodeTransport({ baseUrl, timeoutMs })
export const overFetch: To = (baseUrl, timeoutMs = 10_000) =>
  fetchTransport((url, init) => fetch(url, init), { baseUrl, timeoutMs })

/** For what must hold whichever way the bytes travel. */
export const transports: readonly { name: string; to: To }[] = [
  { name: 'node:http', to: overNode },
  { name: 'fetch', to: overFetch },
]

export const caller = (headers: Record<string, string> = {}, key?: string | null): Caller => ({
  headers: new Headers(headers),
  key,
})

/** An upstream that fails fast, unless the test says otherwise. */
export const leafOf = (transport: Transport, options: Partial<UpstreamOptions> = {}) =>
  createUpstream({
    transport,
    concurrency: 64,
    retries: 0,
    backoffMs: 0,
    thinkingTokens: 0,
    limitField: 'max_tokens',
    ...options,
  })

export const modelAt = (url: string, options: Partial<UpstreamOptions> = {}, name = 'm') =>
  leafOf(overNode(url), options).model(name, caller())

export const question: Prompt = { messages: [{ role: 'user', content: 'What is 17 × 24?' }] }

export type Drawn = {
  readonly outcomes: readonly PromiseSettledResult<Completion>[]
  readonly completions: readonly Completion[]
  readonly errors: readonly unknown[]
  readonly ledger: Ledger
  readonly events: readonly Event[]
}

type Drawing = {
  readonly n?: number
  readonly limits?: Limits
  /** The request's. */
  readonly signal?: AbortSignal
  /** One for each draw that may be cancelled by itself. */
  readonly signals?: readonly AbortSignal[]
  readonly onEvent?: (event: Event) => void
}

/** Draws the given prompt n times, or several prompts once each, within one request; settles when it is booked. */
export async function draw(model: Model, prompt: Prompt | readonly Prompt[], options: Drawing = {}): Promise<Drawn> {
  const prompts = Array.isArray(prompt) ? (prompt as Prompt[]) : Array.from({ length: options.n ?? 1 }, () => prompt)
  let outcomes: PromiseSettledResult<Completion>[] = []
  const all: Model = async (_prompt, scope) => {
    const asides = prompts.map((_, index) => {
      const own = options.signals?.[index]
      return scope.aside({ draw: index, ...(own ? { signal: own } : {}) })
    })
    outcomes = await Promise.allSettled(prompts.map((prompt, index) => model(prompt as Prompt, asides[index]!)))
    return { text: '', finish: 'stop' }
  }
  const { limits, signal } = options
  const execution = execute(all, question, { ...(limits ? { limits } : {}), ...(signal ? { signal } : {}) })
  const events: Event[] = []
  for await (const event of execution.events) {
    events.push(event)
    options.onEvent?.(event)
  }
  await execution.result.catch(() => {})
  const completions = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [said(outcome.value)] : []))
  const errors = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []))
  return { outcomes, completions, errors, ledger: execution.ledger, events }
}

/** Where it was said is no part of what was said. */
const said = ({ span: _span, ...completion }: Completion): Completion => completion

/** The one completion of a prompt; rejects with what went wrong. */
export async function drawOne(model: Model, prompt: Prompt = question, options: Drawing = {}): Promise<Completion> {
  const { completions, errors } = await draw(model, prompt, options)
  if (errors.length > 0) throw errors[0]
  return completions[0]!
}

/** The bytes of a stream of events, each event a chunk by itself. */
export const sse = (...events: (object | string)[]): string[] =>
  events.map((event) => `data: ${typeof event === 'string' ? event : JSON.stringify(event)}\n\n`)

/** A chunk with one choice. */
export const chunk = (delta: object, finish: string | null = null, index = 0) => ({
  choices: [{ index, delta, finish_reason: finish }],
})

/** A whole stream of one choice, from its deltas. */
export const streamOf = (deltas: readonly object[], finish = 'stop') => ({
  raw: { chunks: sse(...deltas.map((delta) => chunk(delta)), chunk({}, finish), '[DONE]') },
})

/** The prompts' texts, as the upstream was asked them. */
export const words = (count: number): Prompt[] =>
  Array.from({ length: count }, (_, index) => ({ messages: [{ role: 'user', content: `question ${index}` }] }))
