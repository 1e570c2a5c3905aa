import type { Prompt, Scope, Service, Shared, Strategy, Usage } from '#core'
import { keyOf } from '../upstream/key.ts'
import { type Bank, drawName, promptName } from './bank.ts'
import { Clock } from './clock.ts'
import { Tick } from './tick.ts'

/** Executions on a bank of samples, each with a clock of its own. */
export class Banking {
  readonly #bank: Bank
  readonly #clocks = new WeakMap<Shared, Clock>()
  readonly #ticks = new WeakMap<Shared, Map<string, Tick>>()
  /** Prompts whose tokens were booked in this tick. */
  readonly #read = new WeakMap<Shared, Set<string>>()

  constructor(bank: Bank) {
    this.#bank = bank
  }

  /** The time of one execution: how long it would take by itself. */
  clock(shared: Shared): Clock {
    const clock = this.#clocks.get(shared) ?? new Clock()
    this.#clocks.set(shared, clock)
    return clock
  }

  /**
   * Draws from the bank, and fills it. A sample from the bank arrives when it would have arrived, is booked as if it had
   * been asked for, and one that is cancelled before is booked for its part: a recipe comes to what it comes to alone,
   * whichever came before it.
   */
  of(name: string): Strategy {
    return (model) => async (prompt, scope) => {
      const clock = this.clock(scope.shared)
      // Who listens to the words as they come may want no more of them.
      if (scope.watched) return this.#timed(scope, () => model(prompt, scope))
      const read = perTick(this.#read, scope.shared, () => new Set<string>())
      const place = { model: name, prompt: promptName(prompt), draw: drawName(scope.draws) }
      const sample =
        this.#bank.peek(place) ??
        (await clock.outside(() =>
          this.#bank.draw(place, (heard) => this.#tick(prompt, scope).draw(model, prompt, scope, heard)),
        ))
      const book = scope.shared.ledger.open()
      // Those that were asked for together paid for the prompt once.
      const reads = !sample.together || !read.has(place.prompt)
      read.add(place.prompt)
      const passed = await clock.pass(sample.ms, scope.signal)
      book(partly(sample.usage, Math.min(1, passed / Math.max(1, sample.ms)), reads))
      scope.signal.throwIfAborted()
      scope.say(sample.completion)
      return sample.completion
    }
  }

  /** A service whose replies take their time. */
  service(service: Service): Service {
    return { ...service, ask: (body, scope) => this.#timed(scope, () => service.ask(body, scope)) }
  }

  async #timed<T>(scope: Scope, work: () => Promise<T>): Promise<T> {
    const clock = this.clock(scope.shared)
    const began = performance.now()
    const result = await clock.outside(work)
    await clock.pass(performance.now() - began, scope.signal)
    return result
  }

  #tick(prompt: Prompt, { shared }: Scope): Tick {
    const ticks = perTick(this.#ticks, shared, () => new Map<string, Tick>())
    const key = keyOf(prompt)
    const tick = ticks.get(key) ?? new Tick(shared)
    ticks.set(key, tick)
    return tick
  }
}

/** What belongs to one tick of an execution: the draws of one tick are those that can go upstream together. */
function perTick<T>(all: WeakMap<Shared, T>, shared: Shared, make: () => T): T {
  const known = all.get(shared)
  if (known !== undefined) return known
  const made = make()
  all.set(shared, made)
  setTimeout(() => all.delete(shared), 0)
  return made
}

function partly(usage: Usage, part: number, reads: boolean): Usage {
  const { cached, ...rest } = usage
  return {
    ...rest,
    input: reads ? usage.input : 0,
    output: Math.round(usage.output * part),
    ...(cached !== undefined && reads ? { cached } : {}),
    ...(usage.reasoning === undefined ? {} : { reasoning: Math.round(usage.reasoning * part) }),
    ...(usage.cost === undefined ? {} : { cost: usage.cost * part }),
  }
}
