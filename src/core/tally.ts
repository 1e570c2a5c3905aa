import type { Completion, Prompt } from './model.ts'

/** One answer and who gave it. `weight` is the sum of the scores, equal to `count` where none were given. */
export type Vote = { readonly answer: string; readonly count: number; readonly weight: number }

/** Candidates whose answers are equivalent. */
export type Agreed = Vote & { readonly members: readonly Completion[] }

/** A vote as the client sees it: answers with their counts, best first. */
export type Votes = {
  readonly votes: readonly Vote[]
  /** Candidates that gave no answer that could be read. */
  readonly abstained: number
  /** Share of the winner among all that were heard, in [0, 1]. */
  readonly agreement: number
}

/** Groups completions whose answers are equivalent. What "equivalent" means is the answers module's business. */
export interface Tally {
  /** Hears a candidate; `score` in [0, 1] weighs its vote, and a missing one weighs as the mean of the others. */
  add(candidate: Completion, score?: number): this
  /** Weighs the vote of a candidate that was heard before; one that could not be scored stays without a score. */
  weigh(candidate: Completion, score: number | undefined): this
  /** The best member of the heaviest group; ties go to the lowest sample index. Throws if nothing was heard. */
  readonly winner: Completion
  /** The answers, best first, each with everyone who gave it by sample index. Candidates that abstained are in none. */
  readonly groups: readonly Agreed[]
  /** Every candidate's best first, one from each group. */
  readonly ranked: readonly Completion[]
  /** Votes by which the leader is ahead of the runner-up. */
  readonly margin: number
  /** Probability that the leader stays ahead of the runner-up, whatever else is drawn (Aggarwal et al., 2023). */
  readonly lead: number
  readonly heard: number
  /** Brings together answers that mean the same, by asking a model once if that could change the winner. */
  merge?(ask: (prompt: Prompt) => Promise<Completion>): Promise<void>
  readonly result: Votes
}
