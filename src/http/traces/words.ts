import type { Event } from '#core'
import type { Happened } from './shape.ts'

type Delta = Extract<Happened, { type: 'thinking-delta' | 'text-delta' }>

/** How long words of one span are gathered into one event, in milliseconds. */
const pause = 200

/** Puts the words of a span together: a token each would make a trace of millions of events. */
export class Words {
  readonly #open = new Map<string, Delta>()

  /** What is to be written down now that this has happened, in order. */
  add(event: Event & { readonly at: number }): Happened[] {
    const { span } = event
    const open = this.#open.get(span)
    if (event.type !== 'thinking-delta' && event.type !== 'text-delta') {
      this.#open.delete(span)
      return open ? [open, event] : [event]
    }
    if (open?.type === event.type && open.tail === event.tail && event.at - open.at < pause) {
      this.#open.set(span, { ...open, text: open.text + event.text })
      return []
    }
    this.#open.set(span, event)
    return open ? [open] : []
  }

  /** What was not written down yet. */
  end(): Happened[] {
    const left = [...this.#open.values()]
    this.#open.clear()
    return left
  }
}
