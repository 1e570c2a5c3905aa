import type { ExecuteOptions, Limits, Model, Usage } from '#core'
import type { Answers, Mode } from './answers.ts'
import type { Arrival, Fields } from './arrival.ts'
import type { Holder, Identify, Wanted } from './gate.ts'
import type { Metrics } from './metrics.ts'
import type { Traces } from './traces/traces.ts'
import type { Watching } from './watching/watch.ts'

/** On whose behalf a request is made: its headers, and the key to ask an upstream with that has none of the operator's. */
export type Caller = {
  readonly headers: Fields
  readonly key: string | null | undefined
  /** Whose key of ours it came with, if there are any. */
  readonly holder?: Holder
}

/** Whether samples of earlier requests are counted, and those of this one kept for later ones. */
export type Reuse = { readonly read: boolean; readonly write: boolean }

/** A model as a list of models has it. */
export type ModelEntry = { readonly id: string; readonly [field: string]: unknown }

/** What to do with a request: hand it through, perhaps under the model's own name, or think about it. */
export type Plan =
  | { readonly kind: 'relay'; readonly model: string; readonly wanted: Wanted }
  | {
      readonly kind: 'recipe'
      /** The model that the recipe is about. */
      readonly base: string
      readonly wanted: Wanted
      /** The most completions that it may ask for, those that a search of ours may make among them. */
      readonly most: number
      /** The recipe in full names, as the client is told it. */
      readonly recipe: string
      readonly model: Model
      /** The most completions that the client asks for in numbers; undefined where it gave none. */
      readonly calls: number | undefined
      readonly context: Omit<ExecuteOptions, 'signal' | 'limits'>
    }

/** A request to hand through. */
export type Relayed = Arrival & {
  /** What follows `/v1`, with the query. */
  readonly path: string
  /** In place of the request's own body, unless `asked` has it. */
  readonly body?: Uint8Array
  /** The model that it names, where it is known, and its body with any name for it. */
  readonly asked?: { readonly model: string; readonly bodyFor: (model: string) => Uint8Array }
  /** What that body has in it, where it was read and written anew. */
  readonly fields?: Readonly<Record<string, unknown>>
  /** Whether a reply of this status is not to be handed over. */
  readonly declines?: (status: number) => boolean
  /** Headers of ours for the reply, by what the upstream calls the request (`x-request-id`). */
  readonly added: (upstreamsId: string | undefined) => Readonly<Record<string, string>>
  /** Headers that go upstream in place of the client's own of these names. */
  readonly carried?: Readonly<Record<string, string>> | undefined
  /** Told when the reply's first byte is there, and whether it is a stream of events. */
  readonly begun?: ((streamed: boolean) => void) | undefined
  /** Where it matters what it comes to. */
  readonly counted?: Counted | undefined
}

/** A request to hand through of which somebody wants to know what it took. */
export type Counted = {
  /** About how many tokens it has. */
  readonly input: number
  readonly book: (usage: Usage) => void
}

/** What of a request at a door goes on. */
export type Sent = Pick<Relayed, 'body' | 'asked' | 'fields'>

/** Everything the HTTP layer needs of the rest, given to it by the entries. */
export type Engine = {
  /** Whether a model's bare name says where a request goes or what is done with it, so that it must be read. */
  readonly reads: boolean
  /** Whether it may stand for another name or a recipe. */
  renames(model: string): boolean
  /** A body that names its recipe as another proxy does, as one that names it in our words; any other as it is. */
  translated(body: Readonly<Record<string, unknown>>, caller: Caller): Promise<Readonly<Record<string, unknown>>>
  /**
   * Understands a model's name and a recipe given beside it. Without `reuse`, samples are neither taken from the bank nor
   * kept there. Rejects with BadRecipe.
   */
  plan(name: string, strategy: string | undefined, caller: Caller, reuse?: Reuse): Promise<Plan>
  /**
   * Hands a request through, and its reply back; undefined for a reply that it declines. Rejects with what kept the
   * upstream from answering.
   */
  relay(relayed: Relayed, caller: Caller): Promise<Response | undefined>
  /** Undefined where no answers are remembered. */
  readonly answers: Answers | undefined
  /** Paths that the upstream of a model is known not to serve. */
  readonly lacking: {
    has(path: string, model: string | undefined): boolean
    add(path: string, model: string | undefined): void
  }
  /** The upstream's models, the aliases, and each model with each strategy. Rejects with the upstream's own error. */
  models(caller: Caller): Promise<readonly ModelEntry[]>
  /** Every strategy and every scorer, as data. */
  catalogue(): readonly object[]
}

/** How thinking goes out: in one field or both, as tags in the content, or not at all. */
export const thinkForms = ['both', 'reasoning_content', 'reasoning', 'tags', 'none'] as const
export type ThinkForm = (typeof thinkForms)[number]

export type HttpOptions = {
  /** Whose key a client comes with; without this everybody is let in. */
  readonly identify: Identify | undefined
  readonly think: ThinkForm
  /** For which requests samples are banked. */
  readonly bank: Mode
  /** The most that any request may spend, whatever its own budget says. */
  readonly limits: Limits
  /** The most answers that a client may want to see of one request, its `n`. */
  readonly mostAnswers: number
  /** When a request is answered that does not say so itself, in milliseconds from its arrival. */
  readonly deadlineMs?: number | undefined
  /** How many samples are enough for that; see Deadline. */
  readonly quorum?: number | undefined
  /** Whether late samples are asked for a second time, where a request does not say. */
  readonly hedge?: boolean | number | undefined
  readonly maxBodyBytes: number
  /** Milliseconds of silence after which a streamed answer gets a comment. */
  readonly keepAliveMs: number
  /** What `GET /health` calls the upstream. */
  readonly upstream: string
  /** Keeps the runtime alive until something is done, by what it gave a request along (Workers). */
  readonly outlive?: (env: unknown, work: Promise<unknown>) => void
  /** What `GET /metrics` says; there is no such path if absent. */
  readonly metrics?: Metrics | undefined
  /** The last requests, to be looked at; nothing is kept if absent. */
  readonly traces?: Traces | undefined
  /** Who follows the requests; nobody if absent. */
  readonly watching?: Watching | undefined
  /** What it tells of the servers behind it, where there are several. */
  readonly replicas?: (() => readonly object[]) | undefined
}
