import { unasked } from './asks.ts'
import type { Draws } from './draws.ts'
import { BadRecipe, BudgetExhausted, messageOf } from './errors.ts'
import { bestSoFar, type Completion, type Model, type Prompt } from './model.ts'
import type { Opinions } from './opinions.ts'
import type { Scope } from './scope.ts'
import type { Tally } from './tally.ts'
import type { Voting } from './voting.ts'

/** What a strategy works with, beside what it can do. */
export type Work = {
  readonly prompt: Prompt
  readonly model: Model
  readonly scope: Scope
  readonly voting: Voting
  readonly draws: Draws
  readonly opinions: Opinions
}

/** What a strategy comes to: its answer, or the best there was when the budget ended. */
export class Outcome {
  readonly #work: Work
  #kept: { candidate: Completion; score: number } | undefined
  #tally: Tally | undefined

  constructor(work: Work) {
    this.#work = work
  }

  tally(): Tally {
    const { prompt, scope, voting } = this.#work
    const { tally } = scope.shared
    if (!tally) throw new BadRecipe('No tally is configured.')
    this.#tally = tally(prompt, (text, data) => scope.note(text, data), voting)
    return this.#tally
  }

  /** Another strategy answers, so its vote is the one that is told. */
  leave(): void {
    this.#tally = undefined
  }

  /** Of equal scores the lowest sample index stays. */
  keep(candidate: Completion, score: number): void {
    const kept = this.#kept
    const better = !kept || score > kept.score
    const earlier = score === kept?.score && (candidate.index ?? 0) < (kept.candidate.index ?? 0)
    if (better || earlier) this.#kept = { candidate, score }
  }

  /** The answer that a strategy's body came to, or what is left when it failed. Rejects where nothing is. */
  async of(answer: Promise<Completion>): Promise<Completion> {
    try {
      const completion = this.#settled(await this.#agreed(await answer))
      return this.#work.scope.shared.ledger.exhausted ? bestSoFar(completion) : completion
    } catch (error) {
      const best = error instanceof BudgetExhausted ? this.#rescued(error) : undefined
      if (!best) throw error
      return bestSoFar(best)
    }
  }

  /**
   * Where the answer is the winner of the vote and `semantic` is on, the vote is counted again by meaning. A judge that
   * fails leaves the vote as it was.
   */
  async #agreed(completion: Completion): Promise<Completion> {
    const tally = this.#tally
    const { scope, model, voting } = this.#work
    const { judge = model } = scope.shared
    if (!voting.semantic || !tally?.merge || !tally.heard || !sameText(completion, tally.winner)) return completion
    try {
      await scope.aside().run('score', 'meaning', (scope) => tally.merge!((prompt) => judge(prompt, scope)))
    } catch (error) {
      if (error instanceof BudgetExhausted || scope.signal.aborted) throw error
      scope.note(`The answers could not be compared by meaning: ${messageOf(error)}`)
    }
    return tally.winner
  }

  /** Says how the vote went, and refuses a choice that no score stood behind. */
  #settled(completion: Completion): Completion {
    this.#work.opinions.check()
    return this.#told(completion)
  }

  /** What was kept, else the vote so far, else a vote over what was drawn; or nothing. */
  #rescued({ ended }: BudgetExhausted): Completion | undefined {
    const best = this.#kept?.candidate ?? (this.#tally?.heard ? this.#tally.winner : this.#elected())
    if (!best) return undefined
    this.#work.scope.note(`${ended}, so this is the best answer so far.`)
    return this.#told(best)
  }

  #elected(): Completion | undefined {
    const { draws, prompt, scope } = this.#work
    const drawn = draws.of(prompt)?.toSorted((a, b) => (a.index ?? 0) - (b.index ?? 0))
    if (!drawn || !scope.shared.tally) return drawn?.[0]
    const tally = this.tally()
    for (const candidate of drawn) tally.add(candidate)
    return tally.winner
  }

  #told(completion: Completion): Completion {
    const { prompt, scope, opinions } = this.#work
    if (this.#tally?.heard) {
      const { result: votes, groups } = this.#tally
      const voters = groups.map(({ members }) => members.flatMap(({ span }) => span ?? []))
      scope.shared.emit({ type: 'votes', span: scope.span, votes, voters })
    }
    return unasked(completion, opinions.asks, prompt)
  }
}

const sameText = (a: Completion, b: Completion) => a.text === b.text && a.index === b.index
