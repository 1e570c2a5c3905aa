import type { Event, Outcome, Usage } from '#core'
import type { Asking } from '../arrival.ts'

/** Where a request came in: one of the doors, another endpoint of ours, or one that only relays. */
export type Place =
  | 'chat'
  | 'messages'
  | 'responses'
  | 'completions'
  | 'models'
  | 'strategies'
  | 'traces'
  | 'metrics'
  | 'key'
  | 'relay'
  | 'unknown'

/** A request as it begins. */
export type Beginning = {
  /** Ours, and nobody else's: what traces and completions are called by. */
  readonly id: string
  /** What the client calls it (`x-request-id`), else `id`. */
  readonly requestId: string
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly place: Place
  readonly method: string
  /** Without the query, which may hold what is nobody's business. */
  readonly path: string
  /** As the client sent them: its keys are among them. */
  readonly headers: Pick<Headers, 'get'>
}

/** What is done with a request. */
export type Planned = {
  /** The model's name as the client wrote it, its recipe included; undefined where a relay's body does not show it. */
  readonly model: string | undefined
  /** In full names, the model in front; undefined where a bare model answers. */
  readonly recipe: string | undefined
  /** Whether the upstream's own reply is handed over. */
  readonly relayed: boolean
  /** What was asked, in the words of its door; undefined on a relay. */
  readonly messages?: unknown
}

/** What a request took that Mull answered itself. */
export type Spent = {
  readonly usage: Usage
  /** Completions asked for. */
  readonly calls: number
  /** HTTP requests sent upstream, and how many of them because the one before had failed. */
  readonly requests: number
  readonly retries: number
  readonly samples: Readonly<Record<Outcome, number>>
  /** Share of the winner among the votes, in [0, 1], where there was a vote. */
  readonly agreement: number | undefined
}

/** How a request ended. Times are in milliseconds from its beginning. */
export type Ending = {
  /** The HTTP status; 499 for a client that left before there was one, as nginx has it. */
  readonly status: number
  /** `failed`: an error status, or an error in mid-stream. `left`: the client was gone before the last byte. */
  readonly outcome: 'answered' | 'failed' | 'left'
  /** The error's code, where the error is ours to know. */
  readonly code: string | undefined
  readonly ms: number
  /**
   * Until there was something to read: the first byte of a relayed or whole reply, the first word of thinking or answer
   * of a streamed one. Undefined where it never came.
   */
  readonly firstMs: number | undefined
  /** Whether the reply was a stream of events. */
  readonly streamed: boolean
  /** How much of `ms` the upstream was being asked for something; the rest is Mull's own. */
  readonly upstreamMs: number
  /** Undefined on a relay, whose reply nobody reads. */
  readonly spent: Spent | undefined
}

/** What one watcher wants to hear of one request. Nothing in it may throw, and nothing may wait. */
export type Watch = {
  /** The name of the key that it came with. */
  identified?(name: string): void
  planned?(plan: Planned): void
  /** What happens in its execution, as it happens. */
  heard?(event: Event): void
  /** Headers for the upstream's requests: for a span of the execution, or for the one that is relayed (''). */
  carried?(span: string): Readonly<Record<string, string>>
  /** Called once, last. What it resolves to is waited for where the runtime would stop otherwise. */
  ended?(ending: Ending): void | Promise<void>
}

/** Sees every request begin; undefined for one that it does not want to follow. */
export type Watcher = (beginning: Beginning) => Watch | undefined

/** How a reply went out: its status, undefined where the client left before it, and whether all of it did. */
export type Sent = { readonly status: number | undefined; readonly whole: boolean }

/** A reply on its way to the client, as the runtime sees it. */
export type Sending = {
  /** The response to give to the runtime. */
  reply(response: Response): Response
  /** Lets the runtime know of work that goes on after the reply. */
  keep(work: Promise<unknown>): void
}

/** Who watches, and how the runtime (by what it gave a request along) tells that a reply is out, or nobody waits for it. */
export type Watching = {
  readonly watchers: readonly Watcher[]
  readonly sending: (request: Asking, env: unknown, sent: (how: Sent) => void) => Sending
}
