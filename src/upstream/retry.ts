import pRetry from 'p-retry'
import { MullError, untilAborted } from '#core'

export type RetryOptions = {
  /** Further attempts after the first. */
  readonly retries: number
  /** Milliseconds before the first of them; doubled for each next, jittered up to twice as long, 8 s at the most. */
  readonly backoffMs: number
}

const longestWait = 60_000

/**
 * Tries again what the upstream may yet answer: 408, 429, 5xx and broken connections, not sooner than `retry-after`
 * asks for. One that asks for more than a minute is not waited for: its client is told instead.
 */
export function retried<T>(
  attempt: () => Promise<T>,
  signal: AbortSignal,
  { retries, backoffMs, isFinal = () => false }: RetryOptions & { readonly isFinal?: (error: Error) => boolean },
): Promise<T> {
  const mayPass = (error: Error) => isPassing(error) && !isFinal(error) && waitOf(error) <= longestWait
  return pRetry(attempt, {
    retries,
    minTimeout: backoffMs,
    maxTimeout: 8000,
    randomize: true,
    signal,
    shouldRetry: ({ error }) => mayPass(error),
    onFailedAttempt: async ({ error, retriesLeft, retryDelay }) => {
      const more = waitOf(error) - retryDelay
      if (retriesLeft > 0 && more > 0 && mayPass(error)) await sleep(more, signal)
    },
  })
}

/** A time-out has used up its time already, and 501 will not change its mind. */
function isPassing(error: Error): boolean {
  if (!(error instanceof MullError) || error.code === 'upstream_timeout') return false
  return error.status === 408 || error.status === 429 || (error.status >= 500 && error.status !== 501)
}

/** Milliseconds until the upstream wants to be asked again (RFC 9110, section 10.2.3: seconds or a date). */
function waitOf(error: Error): number {
  if (!(error instanceof MullError) || error.retryAfter === undefined) return 0
  const seconds = Number(error.retryAfter)
  if (Number.isFinite(seconds)) return seconds * 1000
  const date = Date.parse(error.retryAfter)
  return Number.isNaN(date) ? 0 : Math.max(0, date - Date.now())
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  let timer: ReturnType<typeof setTimeout>
  const asleep = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms)
  })
  return untilAborted(asleep, signal).finally(() => clearTimeout(timer))
}
