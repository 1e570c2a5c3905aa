import { heldBack } from '#answers'

/** `text` up to the first of the stop strings, and which that was; undefined if none is in it. */
export function cutAt(text: string, stops: readonly string[]): { text: string; stop: string } | undefined {
  const found = stops.map((stop) => ({ stop, at: text.indexOf(stop) })).filter(({ at }) => at >= 0)
  const first = found.sort((a, b) => a.at - b.at)[0]
  return first && { text: text.slice(0, first.at), stop: first.stop }
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
    if (cut) return cut.text
    const held = heldBack(pending, this.#stops)
    this.#held = pending.slice(pending.length - held)
    return pending.slice(0, pending.length - held)
  }
}
