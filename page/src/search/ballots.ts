import type { Votes } from '../api/events.ts'
import { depthOf } from './span.ts'

/** An answer, and the samples that gave it. */
export type Group = {
  /** In the order in which the answers first came, from 0; it tells its colour and its letter. */
  readonly place: number
  readonly answer: string
  readonly spans: readonly string[]
  /** The sum of the scores of its votes, where they were weighed. */
  readonly weight: number | undefined
}

/** A sample that was heard: its number from 0, and its answer, if it had one. */
export type Ballot = { readonly sample: number; readonly span: string; readonly answer: string | null }

/** The votes that each strategy heard, as they come. */
export class Ballots {
  readonly #heard = new Map<string, Map<string, Ballot>>()
  readonly #counted = new Map<string, { readonly votes: Votes; readonly voters: readonly (readonly string[])[] }>()

  hear(strategy: string, ballot: Ballot): void {
    const heard = this.#heard.get(strategy) ?? new Map<string, Ballot>()
    heard.set(ballot.span, ballot)
    this.#heard.set(strategy, heard)
  }

  count(strategy: string, votes: Votes, voters: readonly (readonly string[])[]): void {
    this.#counted.set(strategy, { votes, voters })
  }

  /** Of the outermost strategy that heard any; of several one after another the last, whose vote it is that decides. */
  get #shown(): string | undefined {
    const all = [...new Set([...this.#heard.keys(), ...this.#counted.keys()])]
    const outermost = Math.min(...all.map(depthOf))
    return all.findLast((strategy) => depthOf(strategy) === outermost)
  }

  /** Whose words are not kept were only counted. */
  get heard(): number {
    const counted = this.#counted.get(this.#shown ?? '')?.votes
    if (counted) return counted.votes.reduce((sum, { count }) => sum + count, counted.abstained)
    return this.#heard.get(this.#shown ?? '')?.size ?? 0
  }

  /** Share of the leader among all that were heard, in [0, 1]. */
  get agreement(): number | undefined {
    const counted = this.#counted.get(this.#shown ?? '')
    if (counted) return counted.votes.agreement
    return this.heard === 0 ? undefined : (this.groups[0]?.spans.length ?? 0) / this.heard
  }

  get abstained(): readonly string[] {
    return [...(this.#heard.get(this.#shown ?? '')?.values() ?? [])].flatMap(({ answer, span }) =>
      answer === null ? span : [],
    )
  }

  numberOf(span: string): number | undefined {
    return this.#heard.get(this.#shown ?? '')?.get(span)?.sample
  }

  /**
   * Best first. While votes still come in, samples are together whose answers are written alike; once they are counted, those
   * whose answers were found to be the same.
   */
  get groups(): readonly Group[] {
    const shown = this.#shown
    if (shown === undefined) return []
    const ballots = [...(this.#heard.get(shown)?.values() ?? [])]
    const places = new Map<string, number>()
    for (const { answer } of ballots) if (answer !== null && !places.has(answer)) places.set(answer, places.size)
    const counted = this.#counted.get(shown)
    if (!counted) {
      const spansOf = (answer: string) => ballots.flatMap((ballot) => (ballot.answer === answer ? ballot.span : []))
      return [...places]
        .map(([answer, place]) => ({ place, answer, spans: spansOf(answer), weight: undefined }))
        .sort((a, b) => b.spans.length - a.spans.length)
    }
    const weighed = counted.votes.votes.some(({ count, weight }) => count !== weight)
    const first = (spans: readonly string[]) => ballots.find(({ span }) => spans.includes(span))?.answer
    return counted.votes.votes.map(({ answer, weight }, at) => {
      const spans = counted.voters[at] ?? []
      const place = places.get(first(spans) ?? answer) ?? places.size + at
      return { place, answer, spans, weight: weighed ? weight : undefined }
    })
  }
}
