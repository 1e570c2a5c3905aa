import { BudgetExhausted, messageOf } from './errors.ts'
import type { Completion, Model, Prompt } from './model.ts'
import type { Scope } from './scope.ts'

/** Asks the chosen scorer. One judge that fails costs its own score, and is noted. */
export class Opinions {
  readonly #scope: Scope
  readonly #scorer: string
  readonly #model: Model
  #given = 0
  #failure: unknown

  /** `model` judges where the request has no judge of its own. */
  constructor(scope: Scope, scorer: string, model: Model) {
    this.#scope = scope
    this.#scorer = scorer
    this.#model = model
  }

  async of(candidate: Completion, question: Prompt, among: readonly Completion[]): Promise<number | undefined> {
    const { judge = this.#model, scorers } = this.#scope.shared
    const scorer = scorers(this.#scorer)
    try {
      const score = await this.#scope
        .aside()
        .run('score', this.#scorer, (scope) => scorer(question, candidate, { among, judge, scope }))
      if (score !== undefined) this.#given++
      return score
    } catch (error) {
      if (error instanceof BudgetExhausted || this.#scope.signal.aborted) throw error
      this.#failure ??= error
      this.#scope.note(`Sample ${(candidate.index ?? 0) + 1} could not be scored: ${messageOf(error)}`)
      return undefined
    }
  }

  /** Throws the first judge's error if every judge failed, so that no choice is made that no score stands behind. */
  check(): void {
    if (this.#given === 0 && this.#failure !== undefined) throw this.#failure
  }
}
