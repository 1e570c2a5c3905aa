import type { Event, Outcome, SpanKind } from './scope.ts'
import type { Votes } from './tally.ts'

/** One node of the finished call tree; times in milliseconds since the epoch. */
export type Span = {
  readonly span: string
  readonly parent: string
  readonly kind: SpanKind
  readonly name: string
  readonly start: number
  readonly notes: string[]
  end?: number
  outcome?: Outcome
  error?: unknown
  votes?: Votes
}

/** A fold of a request's events into its call tree. It keeps no text: a trace of 64 long samples stays small. */
export class Trace {
  readonly spans = new Map<string, Span>()

  add(event: Event): void {
    if (event.type === 'span-start') {
      const { span, parent, kind, name, at } = event
      this.spans.set(span, { span, parent, kind, name, start: at, notes: [] })
      return
    }
    const span = this.spans.get(event.span)
    if (!span) return
    if (event.type === 'note') span.notes.push(event.text)
    if (event.type === 'votes') span.votes = event.votes
    if (event.type === 'span-end') Object.assign(span, { end: event.at, outcome: event.outcome, error: event.error })
  }

  /** How many spans of a kind came to which end. Those still running when the request ends were cancelled with it. */
  count(kind: SpanKind): Record<Outcome, number> {
    const counts = { done: 0, failed: 0, cancelled: 0 }
    for (const span of this.spans.values()) if (span.kind === kind) counts[span.outcome ?? 'cancelled']++
    return counts
  }

  /** The vote of the outermost strategy that held one: it started first, so it stands first. */
  get votes(): Votes | undefined {
    return [...this.spans.values()].find((span) => span.votes)?.votes
  }
}
