import type { Capability } from './capability.ts'
import { BadRecipe, BudgetExhausted, messageOf } from './errors.ts'
import type { Completion, Model, Prompt } from './model.ts'
import type { Scope } from './scope.ts'
import type { Asks, Opinion, ScoreContext, Scorer, ScorerSpec } from './scorer.ts'

/** Asks the chosen scorer. One judge that fails costs its own score, and is noted. */
export class Opinions {
  readonly #scope: Scope
  readonly #spec: ScorerSpec
  readonly #named: boolean
  readonly #model: Model
  #scorer: Scorer | undefined
  /** How often the same was asked: a comparison made again is a new draw, never the first one remembered. */
  readonly #asked = new Map<string, number>()
  #given = 0
  #failure: unknown

  /** `model` judges where the request has no judge of its own. A strategy without the option has no scorer of its own. */
  constructor(scope: Scope, spec: ScorerSpec | undefined, model: Model) {
    this.#scope = scope
    this.#spec = spec ?? 'judge'
    this.#named = spec !== undefined
    this.#model = model
  }

  of(candidate: Completion, question: Prompt, among: readonly Completion[]): Promise<Opinion | undefined> {
    return this.#ask(nameOf(candidate), among, async (scorer, context) => {
      const opinion = await scorer.score(question, candidate, context)
      if (opinion) this.#tell(context.scope, candidate, opinion)
      return opinion
    })
  }

  /** 1 where `a` is better, 0 where `b` is; by their scores where the scorer does not compare. */
  async between(
    a: Completion,
    b: Completion,
    question: Prompt,
    among: readonly Completion[],
  ): Promise<number | undefined> {
    if (this.#chosen.compare)
      return this.#ask(`${nameOf(a)} against ${nameOf(b)}`, among, (scorer, context) =>
        scorer.compare!(question, a, b, context),
      )
    const [first, second] = await Promise.all([this.of(a, question, among), this.of(b, question, among)])
    if (!first || !second) return undefined
    return first.score === second.score ? 0.5 : Number(first.score > second.score)
  }

  /** Which of the tests a candidate passes; `undefined` where that could not be told. */
  async tested(
    candidate: Completion,
    question: Prompt,
    tests: readonly string[],
  ): Promise<readonly boolean[] | undefined> {
    if (!this.#chosen.check)
      throw new BadRecipe('This scorer runs no tests; use scorer=verify with MULL_VERIFY_URL set.')
    return this.#ask(nameOf(candidate), [candidate], (scorer, context) =>
      scorer.check!(question, candidate, tests, context),
    )
  }

  /** Throws the first judge's error if every judge failed, so that no choice is made that no score stands behind. */
  check(): void {
    if (this.#given === 0 && this.#failure !== undefined) throw this.#failure
  }

  /** What the chosen scorer wants samples to be asked for. */
  get asks(): Asks | undefined {
    return this.#named ? this.#chosen.asks : undefined
  }

  /** What the chosen scorer needs the upstream to do. */
  get needs(): readonly Capability[] {
    return (this.#named && this.#chosen.needs) || []
  }

  /** Whether the chosen scorer only passes or fails candidates. */
  get gate(): boolean {
    return this.#chosen.gate ?? false
  }

  #tell(scope: Scope, { span: of }: Completion, { score, pass, detail }: Opinion): void {
    scope.shared.emit({
      type: 'opinion',
      span: scope.span,
      score,
      ...(of === undefined ? {} : { of }),
      ...(pass === undefined ? {} : { pass }),
      ...(detail === undefined ? {} : { detail }),
    })
  }

  get #chosen(): Scorer {
    this.#scorer ??= this.#scope.shared.scorers(this.#spec)
    return this.#scorer
  }

  async #ask<T>(
    what: string,
    among: readonly Completion[],
    ask: (scorer: Scorer, context: ScoreContext) => Promise<T>,
  ): Promise<T | undefined> {
    const { judge = this.#model, services: service } = this.#scope.shared
    const scorer = this.#chosen
    const draw = this.#asked.get(what) ?? 0
    this.#asked.set(what, draw + 1)
    try {
      const found = await this.#scope
        .aside({ draw })
        .run('score', titleOf(this.#spec), (scope) => ask(scorer, { among, judge, service, scope }))
      if (found !== undefined) this.#given++
      return found
    } catch (error) {
      if (error instanceof BudgetExhausted || error instanceof BadRecipe || this.#scope.signal.aborted) throw error
      this.#failure ??= error
      this.#scope.note(`${what} could not be scored: ${messageOf(error)}`)
      return undefined
    }
  }
}

const nameOf = ({ index = 0 }: Completion) => `Sample ${index + 1}`

const titleOf = (spec: ScorerSpec): string => {
  if (typeof spec === 'string') return spec
  return 'id' in spec ? spec.id : spec.map(titleOf).join('+')
}
