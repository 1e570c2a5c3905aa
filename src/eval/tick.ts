import { type Completion, Ledger, type Model, type Prompt, Scope, type Shared, type Usage } from '#core'
import type { Sample } from './bank.ts'

/**
 * The draws of one prompt in one tick of one request, which may go upstream together. What they took is known for all of
 * them; each has its share by its length.
 */
export class Tick {
  readonly #shared: Shared
  readonly #ledger = new Bookings()
  readonly #draws: Promise<Completion | undefined>[] = []
  #ended: Promise<readonly Completion[]> | undefined

  constructor(shared: Shared) {
    this.#shared = { ...shared, ledger: this.#ledger, emit: () => {} }
  }

  /** Resolves when the price is known; `heard` is told before what came. */
  async draw(
    model: Model,
    prompt: Prompt,
    { span, signal, tail, draws, room }: Scope,
    heard: (said: Pick<Sample, 'completion' | 'ms'>) => Promise<void>,
  ): Promise<Sample> {
    const began = performance.now()
    const drawing = model(prompt, new Scope(span, signal, tail, this.#shared, draws, room))
    this.#draws.push(drawing.catch(() => undefined))
    const completion = await drawing
    const said = { completion, ms: Math.round(performance.now() - began) }
    await heard(said)
    this.#ended ??= this.#end()
    const came = await this.#ended
    const all = came.reduce((sum, other) => sum + length(other), 0)
    return {
      ...said,
      usage: share(this.#ledger.usage, length(completion) / Math.max(1, all), this.#ledger.bookings),
      together: this.#ledger.bookings < came.length,
    }
  }

  /** Resolves to all that came, when it is known what they took. */
  async #end(): Promise<readonly Completion[]> {
    const came = await Promise.all(this.#draws)
    await this.#ledger.settled()
    return came.filter((completion) => completion !== undefined)
  }
}

/** Counts the requests that were charged for. */
class Bookings extends Ledger {
  bookings = 0

  override open(): (usage: Usage) => void {
    const book = super.open()
    return (usage) => {
      if (usage.input + usage.output > 0) this.bookings++
      book(usage)
    }
  }
}

const length = ({ text, thinking = '', toolCalls }: Completion) =>
  1 + text.length + thinking.length + (toolCalls ? JSON.stringify(toolCalls).length : 0)

/** Every request reads the prompt once; what is written is shared out. */
function share({ input, output, reasoning, cached, cost, estimated }: Usage, part: number, requests: number): Usage {
  const each = Math.max(1, requests)
  return {
    input: Math.round(input / each),
    output: Math.round(output * part),
    ...(reasoning === undefined ? {} : { reasoning: Math.round(reasoning * part) }),
    ...(cached === undefined ? {} : { cached: Math.round(cached / each) }),
    ...(cost === undefined ? {} : { cost: cost * part }),
    ...(estimated ? { estimated } : {}),
  }
}
