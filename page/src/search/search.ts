import type { Happened } from '../api/events.ts'
import { type Ballot, Ballots, type Group } from './ballots.ts'
import { depthOf, type Span, scores } from './span.ts'
import { type Node, Trees } from './trees.ts'

/** What a search came to so far: a fold of what happened in it, in the order in which it did. */
export class Search {
  readonly spans = new Map<string, Span>()
  readonly #ballots = new Ballots()
  readonly #trees = new Trees()
  #answer = ''
  #now = 0

  constructor(happened: Iterable<Happened> = []) {
    for (const event of happened) this.add(event)
  }

  add(event: Happened): void {
    this.#now = Math.max(this.#now, event.at)
    if (event.type === 'span-start') this.#begin(event)
    const span = this.spans.get(event.span)
    if (!span) return
    switch (event.type) {
      case 'span-end':
        span.end = event.at
        span.outcome = event.outcome
        if (event.error !== undefined) span.error = String(event.error)
        return
      case 'thinking-delta':
      case 'text-delta':
        span[event.type === 'text-delta' ? 'text' : 'thinking'] += event.text
        if (event.type === 'text-delta' && event.tail) this.#answer += event.text
        return
      case 'usage':
        span.usage = event.usage
        return
      case 'votes':
        this.#ballots.count(event.span, event.votes, event.voters)
        return
      case 'opinion':
        this.#scored(span, event)
        return
      case 'note':
        if (event.text) span.notes.push(event.text)
        if (isBallot(event.data)) this.#ballots.hear(event.span, event.data)
        if (isNode(event.data)) this.#trees.grow(event.span, event.data, event.at)
    }
  }

  /** The request itself; undefined before it began. */
  get root(): Span | undefined {
    return this.spans.values().next().value
  }

  /** What was said to the client. */
  get answer(): string {
    return this.#answer
  }

  /** When the last thing happened, in milliseconds since the epoch. */
  get until(): number {
    return this.#now
  }

  get ended(): boolean {
    return this.root?.end !== undefined
  }

  /** Milliseconds; of one that still runs up to `now`. */
  lasted(now: number = this.#now): number {
    return this.root ? (this.root.end ?? Math.max(now, this.#now)) - this.root.start : 0
  }

  /** Completions that were asked for, those of scorers among them. */
  get calls(): number {
    return this.#count(({ kind, parent }) => kind === 'sample' && parent?.kind !== 'probe')
  }

  /** Samples of the question or of a part of it; `running` of them have not ended. */
  get samples(): { readonly all: number; readonly running: number } {
    const isSample = (span: Span) => span.kind === 'sample' && !scores(span)
    return { all: this.#count(isSample), running: this.#count((span) => isSample(span) && span.end === undefined) }
  }

  /** Tokens in and out; where the upstream has not said yet, guessed by the words heard. */
  get tokens(): { readonly count: number; readonly exact: boolean } {
    let count = 0
    let exact = true
    for (const { kind, usage, thinking, text } of this.spans.values()) {
      if (usage) count += usage.input + usage.output
      else if (kind === 'sample' && (thinking || text)) {
        count += (thinking.length + text.length) / lettersInToken
        exact = false
      }
    }
    return { count: Math.round(count), exact }
  }

  /** US dollars, where the upstream says it. */
  get cost(): number | undefined {
    const known = [...this.spans.values()].flatMap(({ usage }) => usage?.cost ?? [])
    return known.length > 0 ? known.reduce((sum, cost) => sum + cost, 0) : undefined
  }

  get groups(): readonly Group[] {
    return this.#ballots.groups
  }

  /** The answer that was given in the end: mostly the one with the most votes, but a score may have decided. */
  get winner(): Group | undefined {
    if (!this.ended) return undefined
    const said = this.#answer.trim()
    const isIt = (span: string) => this.spans.get(span)?.text.trim() === said
    return this.groups.find(({ spans }) => said !== '' && spans.some(isIt)) ?? this.groups[0]
  }

  get heard(): number {
    return this.#ballots.heard
  }

  get abstained(): readonly string[] {
    return this.#ballots.abstained
  }

  get agreement(): number | undefined {
    return this.#ballots.agreement
  }

  /** The nodes of the tree that was grown, in the order in which they grew; empty where none was. */
  get nodes(): readonly Node[] {
    return this.#trees.nodes
  }

  /** What the outermost strategies noted, in order. */
  get story(): readonly string[] {
    const told = [...this.spans.values()].filter(({ kind, id }) => kind === 'strategy' && depthOf(id) <= 3)
    return told.flatMap(({ notes }) => notes)
  }

  /** The sample's number in the vote, from 1. */
  numberOf(span: string): number | undefined {
    const sample = this.#ballots.numberOf(span)
    return sample === undefined ? undefined : sample + 1
  }

  #begin({ span: id, parent: above, kind, name, at }: Extract<Happened, { type: 'span-start' }>): void {
    const parent = this.spans.get(above)
    const span: Span = { id, kind, name, parent, children: [], start: at, thinking: '', text: '', notes: [] }
    this.spans.set(id, span)
    parent?.children.push(span)
  }

  #scored(scoring: Span, { of, score, pass, detail }: Extract<Happened, { type: 'opinion' }>): void {
    const found = { value: score, pass, detail }
    scoring.score = found
    if (of === undefined) return
    scoring.about = of
    const about = this.spans.get(of)
    if (about) about.score = found
  }

  #count(holds: (span: Span) => boolean): number {
    let count = 0
    for (const span of this.spans.values()) if (holds(span)) count++
    return count
  }
}

/** About, in English. */
const lettersInToken = 4

const isBallot = (data: unknown): data is Ballot => has(data, 'sample') && has(data, 'answer') && has(data, 'span')
const isNode = (data: unknown): data is Omit<Node, 'at'> => has(data, 'node') && has(data, 'parent')
const has = (data: unknown, key: string) => typeof data === 'object' && data !== null && key in data
