import type { Capability } from './capability.ts'
import { endedBy } from './ended-by.ts'
import { BudgetExhausted, cancelled } from './errors.ts'
import type { Ledger } from './ledger.ts'
import { logprobsOf } from './logprobs.ts'
import type { Completion, Model, Prompt, Usage } from './model.ts'
import type { Scorer, ScorerSpec, Service, ServiceName } from './scorer.ts'
import type { Tally, Votes } from './tally.ts'
import type { Voting } from './voting.ts'

export type SpanKind = 'request' | 'strategy' | 'sample' | 'score' | 'probe'
export type Outcome = 'done' | 'failed' | 'cancelled'

/**
 * What happens in a request, as it happens. `at` is in milliseconds since the epoch; `voters` has the spans of those who
 * gave each of the answers, `of` the span of the candidate that a score is about.
 */
export type Event =
  | { type: 'span-start'; span: string; parent: string; kind: SpanKind; name: string; at: number; tail: boolean }
  | { type: 'span-end'; span: string; at: number; outcome: Outcome; error?: unknown }
  | { type: 'thinking-delta'; span: string; text: string; tail: boolean }
  | { type: 'text-delta'; span: string; text: string; tail: boolean }
  | { type: 'note'; span: string; text: string; data?: unknown }
  /** The completion of this span was drawn for an earlier request, and costs nothing. */
  | { type: 'banked'; span: string }
  | { type: 'votes'; span: string; votes: Votes; voters: readonly (readonly string[])[] }
  | { type: 'opinion'; span: string; of?: string; score: number; pass?: boolean; detail?: string }
  /** What a sample's upstream request came to, or its share of one that carried several; after the sample has ended. */
  | { type: 'usage'; span: string; usage: Usage }

/** What every scope of one request has in common. */
export type Shared = {
  readonly ledger: Ledger
  /** Aborted when the client has left or the deadline has passed. */
  readonly signal: AbortSignal
  readonly emit: (event: Event) => void
  /** Another model by name, a recipe included. Throws BadRecipe or UpstreamFailed for one that does not exist. */
  readonly models: (name: string) => Model
  /** The model that scorers ask; without one, the model that the strategy itself asks. */
  readonly judge: Model | undefined
  readonly scorers: (spec: ScorerSpec) => Scorer
  readonly services: (name: ServiceName) => Service
  /**
   * Whether the upstream's model that the request is about can do something beyond plain chat. `scope` is where it is
   * asked from, if finding out takes a request. Rejects with the upstream's own error where that failed.
   */
  readonly can: (capability: Capability, scope: Scope) => Promise<boolean>
  /** Headers that an upstream call made in a span takes along, so that it can be told to belong to it. */
  readonly carried: ((span: string) => Readonly<Record<string, string>>) | undefined
  /** The share of its siblings after whose time a late sample is asked for a second time; undefined for never. */
  readonly hedge: number | undefined
  readonly tally:
    | ((question: Prompt, note: (text: string, data?: unknown) => void, voting: Voting) => Tally)
    | undefined
}

/** A token and the likeliest ones in its place, as OpenAI's `logprobs.content` has them. */
export type TokenLogprob = {
  readonly token: string
  readonly logprob: number
  readonly top_logprobs?: readonly { readonly token: string; readonly logprob: number }[]
}

/** A part of a completion, as it is heard. */
export type Piece = {
  readonly thinking?: string
  readonly text?: string
  readonly logprobs?: readonly TokenLogprob[]
}

/**
 * One node of the call tree: where it is (`span`), how it dies (`signal`), whether its words are the client's answer
 * (`tail`), and what the whole request shares. Nothing outlives the scope it was started in: leaving `run` aborts
 * everything still going underneath.
 */
export class Scope {
  readonly span: string
  readonly signal: AbortSignal
  readonly tail: boolean
  readonly shared: Shared
  /** Which draw of which draw this is; two samples of one question never have the same. */
  readonly draws: readonly number[]
  /** How many draws may be under way at once beneath here. */
  readonly room: number
  readonly #heard: ((piece: Piece) => void) | undefined
  #next = count()

  constructor(
    span: string,
    signal: AbortSignal,
    tail: boolean,
    shared: Shared,
    draws: readonly number[] = [],
    room = Infinity,
    heard?: (piece: Piece) => void,
  ) {
    this.span = span
    this.signal = signal
    this.tail = tail
    this.shared = shared
    this.draws = draws
    this.room = room
    this.#heard = heard
  }

  /** Runs `body` in a span of its own, in tail position if this scope is and `tail` is given. */
  async run<T>(kind: SpanKind, name: string, body: (scope: Scope) => Promise<T>, tail = false): Promise<T> {
    const { emit } = this.shared
    const exit = new AbortController()
    const { signal } = exit
    const letGo = endedBy(this.signal, exit)
    const span = `${this.span}/${name}.${this.#next()}`
    const heard = tail ? this.#heard : undefined
    const scope = new Scope(span, signal, this.tail && tail, this.shared, this.draws, this.room, heard)
    emit({ type: 'span-start', span, parent: this.span, kind, name, at: Date.now(), tail: scope.tail })
    try {
      signal.throwIfAborted()
      const value = await body(scope)
      emit({ type: 'span-end', span, at: Date.now(), outcome: 'done' })
      return value
    } catch (error) {
      const unwanted = this.signal.aborted || error instanceof BudgetExhausted
      emit({ type: 'span-end', span, at: Date.now(), outcome: unwanted ? 'cancelled' : 'failed', error })
      throw error
    } finally {
      letGo()
      exit.abort(cancelled('The scope has ended.'))
    }
  }

  /**
   * The same place, out of tail position, optionally with one more reason to stop, as one draw among several, and with
   * somebody who hears what it comes to as it comes.
   */
  aside({ signal, exit, draw, room = this.room, heard }: Aside = {}): Scope {
    const signals = signal ? AbortSignal.any([this.signal, signal]) : (exit ?? this.signal)
    const draws = draw === undefined ? this.draws : [...this.draws, draw]
    const scope = new Scope(this.span, signals, false, this.shared, draws, room, heard)
    scope.#next = this.#next
    return scope
  }

  /** The same place and position, for one of several tries at one completion: `exit` ends it, `heard` hears it begin. */
  trying(exit: AbortSignal, heard?: () => void): Scope {
    const ear = (piece: Piece) => {
      heard?.()
      this.#heard?.(piece)
    }
    const scope = new Scope(this.span, exit, this.tail, this.shared, this.draws, this.room, heard ? ear : this.#heard)
    scope.#next = this.#next
    return scope
  }

  /** Whether somebody hears what is said here as it comes, and may end it for that. */
  get watched(): boolean {
    return this.#heard !== undefined
  }

  /** Explain: goes to the trace and to the think part. `text` is a whole sentence, `data` is for programs. */
  note(text: string, data?: unknown): void {
    this.shared.emit({ type: 'note', span: this.span, text, data })
  }

  /** A completion that an earlier request has paid for: says it as a whole, and that it was not drawn. */
  reuse(completion: Completion): void {
    this.shared.emit({ type: 'banked', span: this.span })
    const logprobs = logprobsOf(completion)
    if (logprobs.length > 0) this.logprobs(logprobs)
    this.say(completion)
  }

  /** What was said here has its price. */
  used(usage: Usage): void {
    this.shared.emit({ type: 'usage', span: this.span, usage })
  }

  /** What the upstream said of the tokens just heard. */
  logprobs(logprobs: readonly TokenLogprob[]): void {
    this.#heard?.({ logprobs })
  }

  thinking(text: string): void {
    this.#heard?.({ thinking: text })
    this.shared.emit({ type: 'thinking-delta', span: this.span, text, tail: this.tail })
  }

  text(text: string): void {
    this.#heard?.({ text })
    this.shared.emit({ type: 'text-delta', span: this.span, text, tail: this.tail })
  }

  /** A completion said as a whole, where it was not already heard as it came. */
  say({ thinking, text }: Pick<Completion, 'thinking' | 'text'>): void {
    if (thinking) this.thinking(thinking)
    if (text) this.text(text)
  }
}

type Aside = {
  readonly signal?: AbortSignal
  /** In place of its own signal, for one that ends with it anyway. */
  readonly exit?: AbortSignal
  readonly draw?: number
  readonly room?: number
  readonly heard?: (piece: Piece) => void
}

function count(): () => number {
  let next = 0
  return () => next++
}
