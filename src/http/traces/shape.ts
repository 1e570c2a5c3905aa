import type { Event, Usage } from '#core'

/** A request without what happened in it, as `GET /v1/traces` lists it. What is not known, or not yet, is left out. */
export type Summary = {
  readonly id: string
  /** What the client called it, where that is not its `id`. */
  readonly request_id?: string
  /** When it began, in milliseconds since the epoch. */
  readonly at: number
  /** Where it came in: chat, messages, responses, completions, or relay for any other path. */
  readonly door: string
  /** As the client wrote it. */
  readonly model: string
  /** In full names; absent where a bare model answers. */
  readonly recipe?: string
  /** Whether the upstream's own reply was handed over: nothing is known of what happened in it. */
  readonly relayed: boolean
  /** The name of the key that it came with. */
  readonly caller?: string
  /** Absent while it runs. */
  readonly outcome?: 'answered' | 'failed' | 'left'
  /** The HTTP status. */
  readonly status?: number
  /** The error's code. */
  readonly error?: string
  /** How long it took, until there was something to read, and how much of it the upstream was asked for something. */
  readonly ms?: number
  readonly first_ms?: number
  readonly upstream_ms?: number
  readonly calls?: number
  readonly samples?: { readonly done: number; readonly failed: number; readonly cancelled: number }
  readonly tokens?: number
  readonly usage?: Usage
  /** In US dollars. */
  readonly cost?: number
  /** Share of the winner among the votes, in [0, 1]. */
  readonly agreement?: number
}

/** Something that happened, and when, in milliseconds since the epoch. An error is its sentence. */
export type Happened = Event & { readonly at: number }

/** A request and everything that happened in it, as `GET /v1/traces/:id` has it. */
export type Recorded = Summary & {
  /** What was asked, where contents are kept and it is not too long. */
  readonly messages?: unknown
  readonly events: readonly Happened[]
  /** Whether there was more than is kept of one request. */
  readonly truncated: boolean
}
