import type { Event, Votes } from '#core'

/**
 * The story of a request, told while it happens: what the outermost strategy noted, one line each, and whoever it left the
 * answer to. What happens inside its samples is theirs; it stays in the trace.
 */
export class Narrator {
  readonly #recipe: string
  readonly #strategiesAbove = new Map<string, number>()
  readonly #answering = new Set<string>()

  constructor(recipe: string) {
    this.#recipe = recipe
  }

  /** What to tell of an event; mostly nothing. */
  tell(event: Event): string {
    if (event.type === 'span-start') {
      const above = this.#strategiesAbove.get(event.parent) ?? 0
      this.#strategiesAbove.set(event.span, above + (event.kind === 'strategy' ? 1 : 0))
      if (event.tail) this.#answering.add(event.span)
      return event.kind === 'request' ? `Thinking with ${this.#recipe}.\n` : ''
    }
    const heard = this.#answering.has(event.span) || (this.#strategiesAbove.get(event.span) ?? 0) <= 1
    if (event.type === 'note' && heard) return `${event.text}\n`
    if (event.type === 'votes' && heard) return outcome(event.votes)
    return ''
  }
}

function outcome({ votes, abstained, agreement }: Votes): string {
  if (votes.length === 0) return 'No sample gave an answer, so the longest is shown.\n'
  const counts = votes.slice(0, 8).map(({ answer, count }) => `${answer} ×${count}`)
  if (votes.length > 8) counts.push(`${votes.length - 8} more`)
  if (abstained > 0) counts.push(`${abstained} without an answer`)
  return `Votes: ${counts.join(', ')}. Agreement ${Math.round(agreement * 100)} %.\n`
}
