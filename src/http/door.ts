import type { Completion, Prompt } from '#core'
import type { ThinkForm } from './engine.ts'
import type { Recall } from './recall.ts'
import type { MullExtension } from './request.ts'
import type { Piece, Speech } from './speech.ts'

export type Body = Readonly<Record<string, unknown>>

/** What a request asks, in the words of the core. */
export type Asked<Form> = {
  readonly prompt: Prompt
  /** Further prompts of the same request, each answered by itself. */
  readonly further?: readonly Prompt[]
  readonly stream: boolean
  /** How many distinct answers to each prompt the client wants at the most. */
  readonly n: number
  readonly think: ThinkForm
  /** What else the door must know to answer in its form. */
  readonly form: Form
}

/** What every form of a reply needs to know. */
export type Telling<Form> = {
  readonly speech: Speech
  /** What is said, as it comes; to be read once. */
  readonly pieces: AsyncIterable<Piece>
  readonly id: string
  /** In seconds since the epoch. */
  readonly created: number
  /** The model's name as the client wrote it. */
  readonly model: string
  /** The model that is asked, whatever is done with it. */
  readonly base: string
  /** Undefined where a bare model answers. */
  readonly recipe: string | undefined
  readonly think: ThinkForm
  readonly n: number
  readonly form: Form
  readonly recall: Recall
  /** Further headers of the reply. */
  readonly headers: Readonly<Record<string, string>>
}

/** What a request came to: its completion, and everything that was thought before. */
export type Whole = { readonly completion: Completion; readonly thinking: string }

export type Failure = {
  readonly status: number
  readonly body: object
  readonly headers: Readonly<Record<string, string>>
}

/** One form of asking and answering: it translates, and knows nothing of how an answer comes about. */
export type Door<Form> = {
  /** What follows `/v1`. */
  readonly path: string
  /** Whether it is answered through chat completions where the upstream has no such path. */
  readonly through: boolean
  /** Whether thinking stands before the answer in a block of its own, so that there is no place for more after it has begun. */
  readonly blocks: boolean
  /** Throws BadRequest that names the field, what was given and what is allowed. */
  read(body: Body, extension: MullExtension | undefined, think: ThinkForm): Asked<Form>
  /** The body of the plain response. */
  plain(telling: Telling<Form>, whole: Whole): object
  /** Every event of the streamed response. A failure becomes events, too. */
  events(telling: Telling<Form>): AsyncGenerator<string>
  /** What a failure looks like to the client. */
  failure(error: unknown): Failure
}
