import { DeadlineReached } from './errors.ts'

/** When an answer must be there. */
export type Deadline = {
  /** How long the request may take, in milliseconds. */
  readonly ms: number
  /** When that began, in milliseconds since the epoch; by default now. */
  readonly since?: number
  /**
   * How many samples must be in for the answer to be given as the deadline nears: a whole number, or below 1 a share of
   * those asked for. With fewer it is waited for more until the deadline itself. Default 1.
   */
  readonly quorum?: number
}

/** How many completions were asked for, and how many of them are there. */
export type Progress = { readonly asked: number; readonly done: number }

/** Whether so many samples are enough. A share of none is at least one. */
export const isQuorum = ({ asked, done }: Progress, quorum = 1): boolean =>
  done >= Math.max(1, quorum < 1 ? Math.ceil(quorum * asked) : quorum)

/** What is kept of a deadline for the vote and for writing the answer: a twentieth of it, from 50 ms to a second. */
const marginOf = (ms: number): number => Math.min(ms / 2, Math.max(50, Math.min(1000, ms / 20)))

/** Longer than a timer can wait is as good as for ever, and would fire at once. */
export const after = (ms: number, act: () => void) => (ms < 2 ** 31 ? setTimeout(act, Math.max(0, ms)) : undefined)

/** What some work comes to that no sample can be drawn without. Rejects with DeadlineReached when it takes too long. */
export async function inTime<T>(deadline: Deadline | undefined, work: Promise<T>): Promise<T> {
  if (!deadline) return work
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    const end = () => reject(new DeadlineReached(deadline.ms, { asked: 0, done: 0 }))
    timer = after(leftOf(deadline), end)
  })
  return Promise.race([work, late]).finally(() => clearTimeout(timer))
}

const leftOf = ({ ms, since = Date.now() }: Deadline): number => ms - (Date.now() - since)

/** Waits for a deadline, and ends the work once, as it nears or, where there is not enough yet, when it comes. */
export class Countdown {
  readonly #enough: () => boolean
  readonly #end: () => void
  #timer: ReturnType<typeof setTimeout> | undefined
  #near = false

  /** `enough` tells whether what is there is worth an answer; `end` is called once at the most. */
  constructor(deadline: Deadline, enough: () => boolean, end: () => void) {
    this.#enough = enough
    this.#end = end
    const left = leftOf(deadline)
    const margin = marginOf(deadline.ms)
    if (left <= 0) end()
    else this.#timer = after(left - margin, () => this.#nears(margin))
  }

  /** Called when there is more than before. */
  look(): void {
    if (this.#near && this.#enough()) this.#strike()
  }

  stop(): void {
    clearTimeout(this.#timer)
    this.#near = false
  }

  #nears(margin: number): void {
    this.#near = true
    this.#timer = setTimeout(() => this.#strike(), margin)
    this.look()
  }

  #strike(): void {
    this.stop()
    this.#end()
  }
}
