import { asking } from './asks.ts'
import type { Capability } from './capability.ts'
import type { Draws } from './draws.ts'
import { BadRecipe, BudgetExhausted, messageOf } from './errors.ts'
import type { Completion, Model, Prompt, Strategy } from './model.ts'
import { observed } from './observed.ts'
import type { Opinions } from './opinions.ts'
import type { Outcome, Work } from './outcome.ts'
import { randomFrom } from './random.ts'
import { type Cut, drawSamples, type Samples } from './samples.ts'
import type { Scope } from './scope.ts'
import type { Asks, Opinion, ServiceName } from './scorer.ts'
import type { Tally } from './tally.ts'

/** How samples are drawn. */
export type Drawing = {
  readonly prompt?: Prompt
  readonly ahead?: number
  /** Another model by name; several take turns. */
  readonly model?: string | readonly string[] | undefined
  readonly cut?: Cut | undefined
  /** The strategy that each draw goes through by itself. */
  readonly through?: (index: number) => Strategy
  /** Work on each sample as soon as it is there, before it is handed on. One whose work fails is left out. */
  readonly each?: (sample: Completion) => Promise<unknown>
}

/** Everything a strategy can do. */
export class Run {
  readonly prompt: Prompt
  /** In [0, 1), the same numbers for the same request: from the client's seed and the place in the tree. */
  readonly random: () => number
  readonly #model: Model
  readonly #scope: Scope
  readonly #draws: Draws
  readonly #opinions: Opinions
  readonly #outcome: Outcome
  #answering = false
  #varied = false

  constructor(work: Work, outcome: Outcome) {
    this.prompt = work.prompt
    this.#model = work.model
    this.#scope = work.scope
    this.#draws = work.draws
    this.#opinions = work.opinions
    this.#outcome = outcome
    this.random = randomFrom(work.prompt.seed ?? 0, ...work.scope.draws)
  }

  /** What this request may still spend: calls, tokens, ms, cost; `Infinity` where there is no limit. */
  get left() {
    return this.#scope.shared.ledger.left
  }

  /** One completion, read by the strategy and never shown as the answer. */
  sample(prompt: Prompt = this.prompt, model?: string): Promise<Completion> {
    const index = this.#draws.next(prompt)
    return observed(this.#ask(prompt, this.#scope.aside({ draw: index }), { model, index, asks: this.#opinions.asks }))
  }

  /** The tail call: what it says is the answer, and streams to the client as it is said. */
  answer(prompt: Prompt = this.prompt, model?: string): Promise<Completion> {
    const scope = this.#answering ? this.#scope.aside({ draw: this.#draws.next(prompt) }) : this.#scope
    this.#answering = true
    return observed(this.#ask(prompt, scope, { model }))
  }

  /**
   * `n` independent completions in order of arrival, at most `ahead` of them in flight, of this model or of another by
   * name. Leaving the loop cancels those still running. A sample that `cut` wants no more of is cancelled and left out,
   * which is no failure. A failed draw is dropped and recorded; only when all fail is the first one's error thrown.
   */
  samples(n: number, { prompt = this.prompt, ahead = n, model, cut, through, each }: Drawing = {}): Samples {
    const varied = asking(n > 1 && !through ? this.#vary(prompt) : prompt, this.#opinions.asks)
    const asked = [model].flat().map((name) => this.#asked(name))
    const first = this.#draws.next(prompt, n)
    return drawSamples(this.#scope, { first, n, ahead, cut }, async (scope, index) => {
      const turn = asked[(index - first) % asked.length]!
      const drawn = through ? through(index - first)(turn) : turn
      const sample = this.#draws.add(prompt, { ...(await drawn(varied, scope)), index })
      if (each) await each(sample)
      return sample
    })
  }

  /** The tail call through another strategy: its answer is the answer, and its vote the one that is told. */
  through(strategy: Strategy, prompt: Prompt = this.prompt): Promise<Completion> {
    this.#answering = true
    this.#outcome.leave()
    return observed(strategy(this.#model)(prompt, this.#scope))
  }

  /** Says ahead what the answer's thinking begins with, where the tail call only goes on with it. */
  think(text: string): void {
    this.#scope.thinking(text)
  }

  /** The same work over each item at once. The first failure that leaves the strategy cancels the rest. */
  each<A, B>(items: readonly A[], work: (item: A, index: number) => Promise<B>): Promise<B[]> {
    return observed(Promise.all(items.map(async (item, index) => work(item, index))))
  }

  /** What can be done without, as a second opinion can: `undefined` where it failed, which is noted. */
  optional<T>(work: Promise<T>): Promise<T | undefined> {
    return observed(
      work.catch((error: unknown) => {
        if (error instanceof BudgetExhausted || error instanceof BadRecipe || this.#scope.signal.aborted) throw error
        this.note(`A call failed and is done without: ${messageOf(error)}`)
        return undefined
      }),
    )
  }

  /**
   * Like `each`, but work that fails is recorded and left out, and what is left stands in the order of the items. Only
   * when all of it fails, and nothing was ever drawn, is the first one's error thrown. A budget that ends leaves what
   * came before it did.
   */
  attempt<A, B>(items: readonly A[], work: (item: A, index: number) => Promise<B>): Promise<B[]> {
    const tries = items.map(async (item, index) => work(item, index))
    return observed(Promise.allSettled(tries).then((ends) => this.#survivors(ends)))
  }

  /** Whether the chosen scorer only passes or fails candidates, so that one that passes is as good as any other. */
  get gate(): boolean {
    return this.#opinions.gate
  }

  /** The chosen scorer's score of a candidate, in [0, 1]; `undefined` where it had none. */
  score(candidate: Completion, prompt: Prompt = this.prompt): Promise<number | undefined> {
    return observed(this.opinion(candidate, prompt).then((opinion) => opinion?.score))
  }

  /**
   * The chosen scorer's opinion of a candidate; `undefined` where it had none. One judge that fails costs its own score;
   * if no score at all can be had, the strategy fails with the first judge's error.
   */
  opinion(candidate: Completion, prompt: Prompt = this.prompt): Promise<Opinion | undefined> {
    return observed(this.#opinions.of(candidate, prompt, this.#draws.of(prompt) ?? [candidate]))
  }

  /** 1 where the chosen scorer finds `a` better, 0 where it finds `b` better, 0.5 where neither; `undefined` unknown. */
  compare(a: Completion, b: Completion, prompt: Prompt = this.prompt): Promise<number | undefined> {
    return observed(this.#opinions.between(a, b, prompt, this.#draws.of(prompt) ?? [a, b]))
  }

  /** Which of some tests a candidate passes, by the chosen scorer; `undefined` where that could not be told. */
  check(candidate: Completion, tests: readonly string[]): Promise<readonly boolean[] | undefined> {
    return observed(this.#opinions.tested(candidate, this.prompt, tests))
  }

  /** Whether the upstream's model can do something beyond plain chat. */
  can(capability: Capability): Promise<boolean> {
    return observed(this.#scope.shared.can(capability, this.#scope.aside()))
  }

  /** Whether the operator has set up a service beside the model, such as a verifier that runs tests. */
  has(service: ServiceName): boolean {
    try {
      return this.#scope.shared.services(service) !== undefined
    } catch {
      return false
    }
  }

  /** Groups completions whose answers are equivalent. */
  tally(): Tally {
    return this.#outcome.tally()
  }

  /** Best so far: what is answered with if the budget ends before the strategy does. Ties go to the lowest sample index. */
  keep(candidate: Completion, score = 0): void {
    this.#outcome.keep(candidate, score)
  }

  /** Explain: goes to the trace and to the think part. `text` is a whole sentence, `data` is for programs. */
  note(text: string, data?: unknown): void {
    this.#scope.note(text, data)
  }

  #survivors<T>(ends: readonly PromiseSettledResult<T>[]): T[] {
    const came = ends.flatMap((end) => (end.status === 'fulfilled' ? [end.value] : []))
    const failures = ends.flatMap((end): unknown[] => (end.status === 'rejected' ? [end.reason] : []))
    for (const error of failures) {
      const spent = error instanceof BudgetExhausted
      if (spent ? came.length === 0 : error instanceof BadRecipe || this.#scope.signal.aborted) throw error
    }
    if (failures.length > 0 && came.length === 0 && this.#draws.none) throw failures[0]
    for (const error of failures) this.note(`An attempt failed and is left out: ${messageOf(error)}`)
    return came
  }

  async #ask(prompt: Prompt, scope: Scope, { model, index, asks }: Asking) {
    const completion = await this.#asked(model)(asking(prompt, asks), scope)
    return this.#draws.add(prompt, index === undefined ? completion : { ...completion, index })
  }

  #asked(model: string | undefined): Model {
    return model === undefined ? this.#model : this.#scope.shared.models(model)
  }

  /** Greedy samples are all one sample, so several of them need some temperature; 0.7 is the paper's. */
  #vary(prompt: Prompt): Prompt {
    if (prompt.temperature !== 0) return prompt
    if (!this.#varied) this.note('Temperature 0 would give the same sample each time, so the samples are drawn at 0.7.')
    this.#varied = true
    return { ...prompt, temperature: 0.7 }
  }
}

type Asking = { readonly model?: string | undefined; readonly index?: number; readonly asks?: Asks | undefined }
