import pRetry from 'p-retry'
import { MullError, messageOf } from '#core'
import type { Allowances, Taken } from './allowance.ts'
import { memoryAllowances } from './memory.ts'

export type SteadyOptions = {
  /** What the shared allowances are kept in, for errors and the log. */
  readonly title: string
  /** How long a request waits for an answer. */
  readonly timeoutMs: number
  readonly log: (line: string) => void
  /** Milliseconds before what was spent is booked again, doubled each time; about half a minute in all. */
  readonly backoffMs?: number
}

/**
 * Shared allowances that may be slow, or not there: no request waits longer than `timeoutMs` for them. Until they are
 * back this process counts alone, and refuses what is strict with a 503. What was spent is booked later.
 */
export function steady(shared: Allowances, { title, timeoutMs, log, backoffMs = 1000 }: SteadyOptions): Allowances {
  const alone = memoryAllowances()
  /** What was taken without the others. */
  const lonely = new Set<string>()
  let isDown = false
  const tell = (down: boolean, error?: unknown) => {
    if (down !== isDown)
      log(
        down
          ? `${title} does not count (${messageOf(error)}): limits are kept by this process alone, spending is refused.`
          : `${title} counts again.`,
      )
    isDown = down
  }

  return {
    async take(owner, takes, hold) {
      try {
        const taken = await within(timeoutMs, shared.take(owner, takes, hold))
        tell(false)
        return taken
      } catch (error) {
        tell(true, error)
        if (takes.some(({ strict }) => strict)) throw unknown(title)
        const taken = await alone.take(owner, takes, hold)
        if (taken.granted && takes.some(({ held }) => held)) lonely.add(hold.id)
        return taken
      }
    },

    async settle(owner, id, spent) {
      if (lonely.delete(id)) return alone.settle(owner, id, spent)
      await pRetry(() => shared.settle(owner, id, spent), { retries: 5, minTimeout: backoffMs, unref: true }).catch(
        (error) => log(`${title} could not be told what was spent: ${messageOf(error)}.`),
      )
    },

    async renew(owner, hold) {
      if (lonely.has(hold.id)) return alone.renew(owner, hold)
      await shared.renew(owner, hold).catch((error: unknown) => tell(true, error))
    },
  }
}

function within(ms: number, taken: Promise<Taken>): Promise<Taken> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms)
    taken.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}

const unknown = (title: string) =>
  new MullError(
    'budget_unknown',
    `What this API key has spent today cannot be known at the moment: ${title} does not answer. Try again soon.`,
    503,
    { retryAfter: '2' },
  )
