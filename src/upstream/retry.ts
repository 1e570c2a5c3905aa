import pRetry from 'p-retry'
import { MullError, UpstreamFailed, untilAborted } from '#core'

export type RetryOptions = {
  /** Further attempts after the first. */
  readonly retries: number
  /** Milliseconds before the first of them; doubled for each next, jittered up to twice as long, 8 s at the most. */
  readonly backoffMs: number
  /** What is shared by all who ask the same server. */
  readonly budget?: RetryBudget
}

/**
 * Of a server that fails everybody, a fifth more is asked at the most: whoever is overloaded is not helped by being asked
 * three times as much. Some attempts a second are allowed to anybody, because few calls say little.
 */
export class RetryBudget {
  readonly #now: () => number
  #left = reserve
  #at: number

  constructor(now: () => number = Date.now) {
    this.#now = now
    this.#at = now()
  }

  /** Called for each call, before its first attempt. */
  call(): void {
    this.#left = Math.min(reserve, this.#left + share)
  }

  /** Whether one may be tried again. */
  take(): boolean {
    const now = this.#now()
    this.#left = Math.min(reserve, this.#left + ((now - this.#at) / 1000) * perSecond)
    this.#at = now
    if (this.#left < 1) return false
    this.#left--
    return true
  }
}

const share = 0.2
const perSecond = 10
const reserve = 100

const longestWait = 60_000

/**
 * Tries again what the upstream may yet answer: 408, 429, 5xx and broken connections, not sooner than `retry-after`
 * asks for. One that asks for more than a minute is not waited for: its client is told instead, as all are when too much
 * is tried again already.
 */
export function retried<T>(
  attempt: (number: number) => Promise<T>,
  signal: AbortSignal,
  {
    retries,
    backoffMs,
    budget,
    isFinal = () => false,
  }: RetryOptions & { readonly isFinal?: (error: Error) => boolean },
): Promise<T> {
  budget?.call()
  let sent = 0
  const mayPass = (error: Error) =>
    sent <= retries && isPassing(error) && !isFinal(error) && waitOf(error) <= longestWait
  const counted = async (number: number) => {
    try {
      return await attempt(number)
    } catch (error) {
      sent += attemptsOf(error)
      if (error instanceof UpstreamFailed) error.attempts = sent
      throw error
    }
  }
  return pRetry(counted, {
    retries,
    minTimeout: backoffMs,
    maxTimeout: 8000,
    randomize: true,
    signal,
    shouldRetry: ({ error }) => mayPass(error) && (budget?.take() ?? true),
    onFailedAttempt: async ({ error, retriesLeft, retryDelay }) => {
      const more = waitOf(error) - retryDelay
      if (retriesLeft > 0 && more > 0 && mayPass(error)) await sleep(more, signal)
    },
  })
}

/** What met a connection that was closed meanwhile was sent twice. */
export const attemptsOf = (error: unknown): number => (error instanceof UpstreamFailed ? error.attempts : 1)

/** A time-out has used up its time already, and who is told that too many wait is not to wait. */
const isFutile = (code: string) => code === 'upstream_timeout' || code === 'upstream_rate_limited'

/** 501 will not change its mind. */
function isPassing(error: Error): boolean {
  if (!(error instanceof MullError) || isFutile(error.code)) return false
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
