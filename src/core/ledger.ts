import { BudgetExhausted } from './errors.ts'
import type { Usage } from './model.ts'

/** What one request may spend: completions asked for, tokens in and out, milliseconds, US dollars. Absent is unlimited. */
export type Limits = {
  readonly calls?: number
  readonly tokens?: number
  readonly ms?: number
  readonly cost?: number
}

/** What one request may spend and what it has spent. Only the leaf writes to it. */
export class Ledger {
  /** Completions asked for. */
  calls = 0
  /** Models that did not answer, and which did in their place. */
  readonly fellBack = new Map<string, string>()
  /** HTTP requests sent upstream, retries among them; one that carries `n` counts once. */
  requests = 0
  /** How many of them were sent because the one before had failed. */
  retries = 0
  /** Completions asked for a second time because they were late; calls as well. */
  hedged = 0
  /** The first limit that was reached, if one was. */
  exhausted: string | undefined
  #spent: Usage = { input: 0, output: 0 }
  #open = 0
  #opened = 0
  #asking = 0
  #idle: () => void = () => {}
  readonly #limits: Required<Limits>
  readonly #start: number
  readonly #now: () => number

  constructor(limits: Limits = {}, now: () => number = () => performance.now()) {
    this.#limits = { calls: Infinity, tokens: Infinity, ms: Infinity, cost: Infinity, ...limits }
    this.#now = now
    this.#start = now()
  }

  /** What was really spent, over all samples, judges and retries. */
  get usage(): Usage {
    return this.#spent
  }

  get left(): Required<Limits> {
    return {
      calls: this.#limits.calls - this.calls,
      tokens: this.#limits.tokens - this.#spent.input - this.#spent.output,
      ms: this.#limits.ms - (this.#now() - this.#start),
      cost: this.#limits.cost - (this.#spent.cost ?? 0),
    }
  }

  /** The limit that one more completion would go beyond, if there is one. */
  get reached(): string | undefined {
    return Object.entries(this.left).find(([, left]) => left <= 0)?.[0]
  }

  /** Called before a completion is asked for. Throws BudgetExhausted for the one that would overspend. */
  reserve(): void {
    const { reached } = this
    if (reached !== undefined) throw this.exhaust(reached)
    this.calls++
  }

  /** Called when an upstream request starts; the function it returns books what the request came to, however it ended. */
  open(): (usage: Usage) => void {
    if (this.#open++ === 0) this.#opened = this.#now()
    return (usage) => {
      this.#spent = sum(this.#spent, usage)
      if (--this.#open > 0) return
      this.#asking += this.#now() - this.#opened
      this.#idle()
    }
  }

  /** Milliseconds during which the upstream was being asked for something, however much at once. */
  get upstreamMs(): number {
    return this.#asking + (this.#open > 0 ? this.#now() - this.#opened : 0)
  }

  /** Resolves when every upstream request has been booked: an answer may be known before its price is. */
  async settled(): Promise<void> {
    if (this.#open > 0) await new Promise<void>((resolve) => (this.#idle = resolve))
  }

  exhaust(limit: string, error = new BudgetExhausted(limit)): BudgetExhausted {
    this.exhausted ??= limit
    return error
  }
}

/** Adds what is there and invents nothing: a detail that neither side knows stays absent. */
function sum(a: Usage, b: Usage): Usage {
  const detail = (key: 'reasoning' | 'cached' | 'cost') =>
    a[key] === undefined && b[key] === undefined ? {} : { [key]: (a[key] ?? 0) + (b[key] ?? 0) }
  return {
    input: a.input + b.input,
    output: a.output + b.output,
    ...detail('reasoning'),
    ...detail('cached'),
    ...detail('cost'),
    ...(a.estimated || b.estimated ? { estimated: true } : {}),
  }
}
