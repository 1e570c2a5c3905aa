import type { Execution, Limits } from '#core'
import type { Arrival } from './arrival.ts'
import type { Caller, Counted, HttpOptions } from './engine.ts'
import type { Admission, Expected } from './gate.ts'

/** One request's way in: it is let in once, and what it came to is booked once, whoever answers it. */
export class Entry {
  readonly #holder: Caller['holder']
  readonly #env: unknown
  readonly #outlive: HttpOptions['outlive']
  #admission: Admission | undefined

  constructor({ env }: Arrival, { holder }: Caller, { outlive }: HttpOptions) {
    this.#holder = holder
    this.#env = env
    this.#outlive = outlive
  }

  /** Takes the request from the limits of its key, if that was not done before. Rejects with a 429. */
  admit(expected?: Expected): Promise<void> | undefined {
    return this.#admission || !this.#holder ? undefined : this.#admitted(this.#holder.admit(expected))
  }

  /** For its reply. */
  get headers(): Readonly<Record<string, string>> {
    return this.#admission?.headers ?? none
  }

  /** The smaller of what it may spend and what is left to its key. */
  within(limits: Limits): Limits {
    const { tokens = Infinity, cost = Infinity } = this.#admission?.limits ?? {}
    const { tokens: most = Infinity, cost: dearest = Infinity } = limits
    return { ...limits, tokens: Math.min(tokens, most), cost: Math.min(cost, dearest) }
  }

  /** Whoever hands it through tells what it came to, if that matters. */
  counted(bytes: number): Counted | undefined {
    const admission = this.#admission
    if (!admission?.counts) return undefined
    return { input: tokensIn(bytes), book: (usage) => admission.settle(usage) }
  }

  /** What fails before anybody has told what it came to has cost nothing. */
  failed(): void {
    this.#admission?.settle({ input: 0, output: 0 })
  }

  /** What the execution came to is booked, however it ends. */
  books({ result, ledger }: Execution): void {
    const book = () => this.#admission?.settle(ledger.usage)
    result.then(book, book)
  }

  async #admitted(admission: Promise<Admission>): Promise<void> {
    this.#admission = await admission
    if (this.#admission.counts) this.#outlive?.(this.#env, this.#admission.settled)
  }
}

const none = {}

/** About as many tokens as a body has. An image in it is no text, so there is an end to that. */
export const tokensIn = (bytes: number): number => Math.ceil(Math.min(bytes, 400_000) / 4)
