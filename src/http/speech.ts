import { type Completion, type Event, type Execution, Queue } from '#core'
import { Narrator } from './narrate.ts'

/** A piece of the think + answer response. */
export type Piece = { readonly type: 'thinking' | 'text'; readonly text: string }

/**
 * What a request says, in order: the story of the search, the chosen sample's own thinking, the answer. A streamed and a
 * plain response are two readings of this.
 */
export class Speech {
  /** Resolves when all that happened has been heard. */
  readonly told: Promise<void>
  readonly #execution: Execution
  readonly #narrator: Narrator | undefined
  readonly #prompts: number
  readonly #heard: ((event: Event) => void) | undefined
  readonly #pieces = new Queue<Piece>()

  /** Without a recipe there is no story to tell. `heard` is told of every event. */
  constructor(execution: Execution, recipe: string | undefined, prompts = 1, heard?: (event: Event) => void) {
    this.#prompts = prompts
    this.#execution = execution
    this.#narrator = recipe === undefined ? undefined : new Narrator(recipe)
    this.#heard = heard
    this.told = this.#listen()
  }

  /** The pieces as they come; to be read once. */
  get pieces(): AsyncIterable<Piece> {
    return this.#pieces
  }

  /** What it came to. Rejects with what went wrong. */
  get completion(): Promise<Completion> {
    return this.#execution.result
  }

  /** The vote that chose the answer; there is no such thing for several prompts. */
  get votes() {
    return this.#prompts === 1 ? this.trace.votes : undefined
  }

  /** What has happened so far. */
  get trace() {
    return this.#execution.trace
  }

  get deadline() {
    return this.#execution.deadline
  }

  get ledger() {
    return this.#execution.ledger
  }

  /** At its own pace: what many long samples say aside must not pile up before a client that reads slowly. */
  async #listen(): Promise<void> {
    let told = false
    for await (const event of this.#execution.events) {
      this.#heard?.(event)
      if (event.type === 'text-delta') {
        if (event.tail) this.#pieces.push({ type: 'text', text: event.text })
      } else if (event.type === 'thinking-delta') {
        if (!event.tail) continue
        this.#pieces.push({ type: 'thinking', text: told ? `\n${event.text}` : event.text })
        told = false
      } else {
        const text = this.#narrator?.tell(event)
        if (text) this.#pieces.push({ type: 'thinking', text })
        told ||= Boolean(text)
      }
    }
    this.#pieces.end()
  }
}
