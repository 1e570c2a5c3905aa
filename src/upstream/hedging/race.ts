import { type Completion, cancelled, endedBy, type Model, type Prompt, type Scope } from '#core'
import type { Siblings } from './siblings.ts'
import { remember } from './visited.ts'

/** One completion, and up to two tries at it. */
export class Race {
  readonly #name: string
  readonly #prompt: Prompt
  readonly #scope: Scope
  /** Whether its words go out as they come, so that only one try may begin. */
  readonly #spoken: boolean
  readonly #tries = [new AbortController(), new AbortController()] as const
  readonly #visited = new Set<string>()
  readonly #won = Promise.withResolvers<Completion>()
  #running = 0
  #begun = false

  /** `name`: the model's. */
  constructor(name: string, prompt: Prompt, scope: Scope) {
    this.#name = name
    this.#prompt = prompt
    this.#scope = scope
    this.#spoken = scope.tail || scope.watched
  }

  /** Rejects with the error of the last try, when none is left. */
  async run(siblings: Siblings, model: Model, again: Model): Promise<Completion> {
    const letGo = this.#tries.map((exit) => endedBy(this.#scope.signal, exit))
    const ended = siblings.begin(() => this.#tryAgain(again))
    this.#enter(model(this.#prompt, remember(this.#at(0), this.#visited)))
    try {
      const completion = await this.#won.promise
      ended(true)
      return completion
    } catch (error) {
      ended(false)
      throw error
    } finally {
      for (const exit of this.#tries) exit.abort(cancelled('Another try was first.'))
      for (const release of letGo) release()
    }
  }

  #tryAgain(again: Model): void {
    const { shared, draws } = this.#scope
    if (this.#begun || shared.ledger.reached !== undefined) return
    shared.ledger.reserve()
    shared.ledger.hedged++
    this.#scope.note(`Sample ${(draws.at(-1) ?? 0) + 1} takes longer than the others, and is asked for a second time.`)
    const ask = (scope: Scope) => again(this.#prompt, remember(scope, this.#visited))
    this.#enter(this.#at(1).run('sample', this.#name, ask, this.#spoken))
  }

  #enter(attempt: Promise<Completion>): void {
    this.#running++
    attempt.then(this.#won.resolve, (error: unknown) => {
      if (--this.#running === 0) this.#won.reject(error)
    })
  }

  /** Where one try is made; the other one ends when this one's first word is heard, if that goes out at once. */
  #at(place: 0 | 1): Scope {
    const begin = () => {
      if (!this.#begun) this.#tries[place === 0 ? 1 : 0].abort(cancelled('Another try began first.'))
      this.#begun = true
    }
    return this.#scope.trying(this.#tries[place].signal, this.#spoken ? begin : undefined)
  }
}
