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
  /** Whether it is a completion that was drawn for an earlier request. */
  banked?: true
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
    if (event.type === 'banked') span.banked = true
    if (event.type === 'span-end') Object.assign(span, { end: event.at, outcome: event.outcome, error: event.error })
  }

  /**
   * How many spans of a kind came to which end; what a scorer asks for is part of its score, and a second try at a sample
   * of the sample. Those still running when the request ends were cancelled with it.
   */
  count(kind: SpanKind): Record<Outcome, number> {
    const counts = { done: 0, failed: 0, cancelled: 0 }
    for (const span of this.spans.values())
      if (span.kind === kind && !this.#isPart(span.parent)) counts[span.outcome ?? 'cancelled']++
    return counts
  }

  /** How many completions were drawn for earlier requests, those of scorers among them. */
  get banked(): number {
    return [...this.spans.values()].filter(({ banked }) => banked).length
  }

  /** How many completions were asked for, those that scorers ask for left out, and how many of them are done. */
  get samples(): { readonly asked: number; readonly done: number } {
    const { done, failed, cancelled } = this.count('sample')
    return { asked: done + failed + cancelled, done }
  }

  /** The vote of the outermost strategy that held one; of several one after another the last, which had the last word. */
  get votes(): Votes | undefined {
    const held = [...this.spans.values()].filter((span) => span.votes)
    const outermost = Math.min(...held.map(depth))
    return held.findLast((span) => depth(span) === outermost)?.votes
  }

  #isPart(parent: string): boolean {
    const span = this.spans.get(parent)
    return span !== undefined && (span.kind === 'score' || span.kind === 'sample' || this.#isPart(span.parent))
  }
}

const depth = ({ span }: Span): number => span.split('/').length
