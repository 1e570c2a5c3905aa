import type { Outcome, SpanKind, Usage } from '../api/events.ts'

/** What somebody thought of a sample. */
export type Score = {
  readonly value: number
  readonly pass: boolean | undefined
  readonly detail: string | undefined
}

/** One part of the search: a strategy, a sample, the scoring of one. Times are in milliseconds since the epoch. */
export type Span = {
  readonly id: string
  readonly kind: SpanKind
  readonly name: string
  readonly parent: Span | undefined
  readonly children: Span[]
  readonly start: number
  end?: number
  outcome?: Outcome
  error?: string
  thinking: string
  text: string
  usage?: Usage
  /** Of a sample that was scored; the last score. */
  score?: Score
  /** Of a scoring: the sample that it is about. */
  about?: string
  readonly notes: string[]
}

/** Whether a part belongs to the scoring of another. */
export const scores = ({ kind, parent }: Span): boolean =>
  kind === 'score' || kind === 'probe' || (parent !== undefined && scores(parent))

/** Milliseconds that it took, up to `now` if it still runs. */
export const lasted = ({ start, end }: Span, now: number): number => Math.max(0, (end ?? now) - start)

export const depthOf = (id: string): number => id.split('/').length
