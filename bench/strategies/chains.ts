import type { Event } from '#core'

/** The longest chain of calls each of which began after the one before had ended. */
export class Chains {
  longest = 0
  readonly #open = new Map<string, number>()
  #ended = 0

  add(event: Event): void {
    if (event.type === 'span-start' && event.kind === 'sample') this.#open.set(event.span, this.#ended + 1)
    if (event.type !== 'span-end' || !this.#open.has(event.span)) return
    this.#ended = Math.max(this.#ended, this.#open.get(event.span)!)
    this.longest = Math.max(this.longest, this.#ended)
  }
}
