import { BudgetExhausted } from './errors.ts'
import type { Completion, Model, Prompt } from './model.ts'
import { drawSamples, type Samples } from './samples.ts'
import type { Scope } from './scope.ts'
import type { Tally } from './tally.ts'
import type { Voting } from './voting.ts'

/** Everything a strategy can do. */
export class Run {
  readonly prompt: Prompt
  readonly #model: Model
  readonly #scope: Scope
  readonly #scorer: string | undefined
  readonly #voting: Voting
  readonly #drawn = new Map<Prompt, Completion[]>()
  #kept: { candidate: Completion; score: number } | undefined
  #tally: Tally | undefined
  #answering = false
  #scores = 0
  #scoreFailure: unknown

  constructor(prompt: Prompt, model: Model, scope: Scope, scorer?: string, voting: Voting = {}) {
    this.prompt = prompt
    this.#model = model
    this.#scope = scope
    this.#scorer = scorer
    this.#voting = voting
  }

  /** What this request may still spend: calls, tokens, ms, cost; `Infinity` where there is no limit. */
  get left() {
    return this.#scope.shared.ledger.left
  }

  /** One completion, read by the strategy and never shown as the answer. */
  async sample(prompt: Prompt = this.prompt, model?: string): Promise<Completion> {
    return this.#remember(prompt, await this.#pick(model)(prompt, this.#scope.aside()))
  }

  /** The tail call: what it says is the answer, and streams to the client as it is said. */
  answer(prompt: Prompt = this.prompt, model?: string): Promise<Completion> {
    const tail = !this.#answering
    this.#answering = true
    return this.#pick(model)(prompt, tail ? this.#scope : this.#scope.aside())
  }

  /**
   * `n` independent completions in order of arrival, at most `ahead` of them in flight. Leaving the loop cancels those
   * still running. A failed draw is dropped and recorded; only when all fail is the first one's error thrown.
   */
  samples(n: number, { prompt = this.prompt, ahead = n }: { prompt?: Prompt; ahead?: number } = {}): Samples {
    const varied = n > 1 ? this.#vary(prompt) : prompt
    return drawSamples(this.#scope, n, ahead, async (scope, index) =>
      this.#remember(prompt, { ...(await this.#model(varied, scope)), index }),
    )
  }

  /** The same work over each item at once. The first failure that leaves the strategy cancels the rest. */
  each<A, B>(items: readonly A[], work: (item: A, index: number) => Promise<B>): Promise<B[]> {
    return Promise.all(items.map(work))
  }

  /**
   * The chosen scorer's opinion of a candidate, in [0, 1]; `undefined` where it had none. One judge that fails costs its
   * own score; if no score at all can be had, the strategy fails with the first judge's error.
   */
  async score(candidate: Completion, prompt: Prompt = this.prompt): Promise<number | undefined> {
    const { judge, scorers } = this.#scope.shared
    const among = this.#drawn.get(prompt) ?? [candidate]
    const scorer = scorers(this.#scorer ?? 'judge')
    try {
      const score = await this.#scope
        .aside()
        .run('score', this.#scorer ?? 'judge', (scope) => scorer(prompt, candidate, { among, judge, scope }))
      if (score !== undefined) this.#scores++
      return score
    } catch (error) {
      if (error instanceof BudgetExhausted || this.#scope.signal.aborted) throw error
      this.#scoreFailure ??= error
      return undefined
    }
  }

  /** Groups completions whose answers are equivalent. */
  tally(): Tally {
    this.#tally = this.#scope.shared.tally(this.prompt, (text, data) => this.note(text, data), this.#voting)
    return this.#tally
  }

  /** Best so far: what is answered with if the budget ends before the strategy does. */
  keep(candidate: Completion, score = 0): void {
    if (!this.#kept || score > this.#kept.score) this.#kept = { candidate, score }
  }

  /** Explain: goes to the trace and to the think part. `text` is a whole sentence, `data` is for programs. */
  note(text: string, data?: unknown): void {
    this.#scope.note(text, data)
  }

  /** The best answer at hand when nothing more can be asked: what was kept, else the vote so far, else any answer. */
  get best(): Completion | undefined {
    return this.#kept?.candidate ?? (this.#tally?.heard ? this.#tally.winner : this.#drawn.get(this.prompt)?.[0])
  }

  /**
   * Where the strategy's answer is the winner of its vote and `semantic` is on, the vote is counted again by meaning. A
   * judge that fails leaves the vote as it was.
   */
  async agree(completion: Completion): Promise<Completion> {
    const tally = this.#tally
    const { judge } = this.#scope.shared
    if (!this.#voting.semantic || !tally?.merge || !tally.heard || !sameText(completion, tally.winner))
      return completion
    try {
      await this.#scope.aside().run('score', 'meaning', (scope) => tally.merge!((prompt) => judge(prompt, scope)))
    } catch (error) {
      if (this.#scope.signal.aborted) throw error
    }
    return tally.winner
  }

  /** Called once when the strategy has its answer: says how the vote went, and refuses a choice that no score stood behind. */
  settle(completion: Completion): Completion {
    if (this.#scores === 0 && this.#scoreFailure !== undefined) throw this.#scoreFailure
    if (this.#tally?.heard)
      this.#scope.shared.emit({ type: 'votes', span: this.#scope.span, votes: this.#tally.result })
    return completion
  }

  #remember(prompt: Prompt, completion: Completion): Completion {
    const drawn = this.#drawn.get(prompt)
    if (drawn) drawn.push(completion)
    else this.#drawn.set(prompt, [completion])
    return completion
  }

  /** Greedy samples are all one sample, so several of them need some temperature; 0.7 is the paper's. */
  #vary(prompt: Prompt): Prompt {
    if (prompt.temperature !== 0) return prompt
    this.note('Temperature 0 would give the same sample each time, so the samples are drawn at 0.7.')
    return { ...prompt, temperature: 0.7 }
  }

  #pick(name: string | undefined): Model {
    return name === undefined ? this.#model : this.#scope.shared.models(name)
  }
}

const sameText = (a: Completion, b: Completion) => a.text === b.text && a.index === b.index
