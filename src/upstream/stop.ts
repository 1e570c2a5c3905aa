import { heldBack } from '#answers'

/** `text` up to the first of the stop strings; undefined if none is in it. */
export function cutAt(text: string, stops: readonly string[]): string | undefined {
  const found = stops.map((stop) => text.indexOf(stop)).filter((at) => at >= 0)
  return found.length > 0 ? text.slice(0, Math.min(...found)) : undefined
}

/**
 * Ends the visible answer at the first of the client's stop strings, as it comes. They are applied here and not by the
 * upstream, where they would also cut the thinking.
 */
export class StopFilter {
  readonly #stops: readonly string[]
  #held = ''
  stopped = false

  constructor(stops: readonly string[]) {
    this.#stops = stops
  }

  /** What of the text is certain to be seen: nothing after a stop, and not yet what may be the beginning of one. */
  push(text: string): string {
    if (this.#stops.length === 0) return text
    if (this.stopped) return ''
    const pending = this.#held + text
    const cut = cutAt(pending, this.#stops)
    this.stopped = cut !== undefined
    if (cut !== undefined) return cut
    const held = heldBack(pending, this.#stops)
    this.#held = pending.slice(pending.length - held)
    return pending.slice(0, pending.length - held)
  }
}
