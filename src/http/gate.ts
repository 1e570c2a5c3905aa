import type { Limits, Usage } from '#core'

/** A model as a request names it. */
export type Named = {
  /** The operator's name for it, where it was asked for by one. */
  readonly alias?: string | undefined
  readonly model: string
  /** The strategies that the operator's name stands for. */
  readonly within?: readonly string[]
}

/** What a request wants, as far as a key may forbid it. */
export type Wanted = {
  /** Every model that it asks of. */
  readonly models: readonly Named[]
  /** Its strategies, by their full names. */
  readonly strategies: readonly string[]
}

/** What a request may take, at the most. */
export type Expected = {
  /** What is asked of, for its price. */
  readonly model: string
  /** Completions. */
  readonly calls: number
  /** Tokens of one of them, where they are known: its prompt's, and its own limit. */
  readonly input: number
  readonly output: number | undefined
}

/** What one request was let in with. */
export type Admission = {
  /** For its reply. */
  readonly headers: Readonly<Record<string, string>>
  /** What it may spend. */
  readonly limits: Limits
  /** Whether it matters what it came to. */
  readonly counts: boolean
  /** Told what it came to; only the first time counts. */
  settle(usage: Usage): void
  /** Resolves once that is booked. */
  readonly settled: Promise<void>
}

/** Whom a key belongs to. */
export interface Holder {
  readonly name: string
  /** Whether a request must be read to see whether it is allowed. */
  readonly reads: boolean
  /** Whether the tokens or the price of a request matter. */
  readonly counts: boolean
  /** The most completions that one request may ask for. */
  readonly n: number | undefined
  /** Whether it may have all that. */
  may(wanted: Wanted): boolean
  /** Throws a 403 that says what is allowed; also for a request that names no model, where only some may be had. */
  check(wanted: Wanted): void
  /** Takes a request from the limits; undefined is one whose size does not matter. Rejects with a 429. */
  admit(expected: Expected | undefined): Promise<Admission>
  /** What the key may do, and what of it is left today and in this minute. */
  told(): Promise<object>
}

/** Whose key that is; undefined if nobody's. Throws where it was somebody's once. */
export type Identify = (key: string) => Promise<Holder | undefined> | Holder | undefined
