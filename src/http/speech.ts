import { type Completion, type Execution, Trace } from '#core'
import { Narrator } from './narrate.ts'

/** A piece of the think + answer response. */
export type Piece = { readonly type: 'thinking' | 'text'; readonly text: string }

/**
 * What a request says, in order: the story of the search, the chosen sample's own thinking, the answer. A streamed and a
 * plain response are two readings of this.
 */
export class Speech {
  readonly trace = new Trace()
  readonly #execution: Execution
  readonly #narrator: Narrator

  constructor(execution: Execution, recipe: string) {
    this.#execution = execution
    this.#narrator = new Narrator(recipe)
  }

  /** The pieces as they come; leaving the loop cancels the request. */
  async *pieces(): AsyncGenerator<Piece> {
    let told = false
    for await (const event of this.#execution.events) {
      this.trace.add(event)
      if (event.type === 'text-delta') {
        if (event.tail) yield { type: 'text', text: event.text }
      } else if (event.type === 'thinking-delta') {
        if (event.tail) yield { type: 'thinking', text: told ? `\n${event.text}` : event.text }
        if (event.tail) told = false
      } else {
        const text = this.#narrator.tell(event)
        if (text) yield { type: 'thinking', text }
        told ||= text !== ''
      }
    }
  }

  /** What it came to. Rejects with what went wrong. */
  get completion(): Promise<Completion> {
    return this.#execution.result
  }

  get ledger() {
    return this.#execution.ledger
  }
}
