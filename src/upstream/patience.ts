import { UpstreamFailed } from '#core'

/** How long an upstream may take: in milliseconds, `Infinity` or absent for as long as it likes. */
export type Patience = {
  /** Until its reply begins. */
  readonly timeoutMs: number
  /** Between two pieces of its reply. */
  readonly idleMs?: number
  /** For the whole of its reply. */
  readonly totalMs?: number
}

/** Longer than a timer can wait is as good as for ever, and would fire at once. */
const longest = 2 ** 31 - 1

/**
 * Ends a reply that falls silent, or does not come to its end. `came` is a number that changes whenever more has come;
 * it is looked at now and then, because a timer for each piece would cost more than reading it. Returns how to stop.
 */
export function watched(
  { idleMs = Infinity, totalMs = Infinity }: Patience,
  came: () => number,
  end: (error: UpstreamFailed) => void,
): () => void {
  const shortest = Math.min(idleMs, totalMs)
  if (shortest > longest) return () => {}
  const begun = Date.now()
  let seen = came()
  let heard = begun
  const timer = setInterval(
    () => {
      const now = Date.now()
      const count = came()
      if (count !== seen) heard = now
      seen = count
      if (now - begun >= totalMs) stop(tooLong(totalMs))
      else if (now - heard >= idleMs) stop(stalled(idleMs))
    },
    Math.max(1, shortest / 4),
  )
  const stop = (error: UpstreamFailed) => {
    clearInterval(timer)
    end(error)
  }
  return () => clearInterval(timer)
}

const stalled = (ms: number): UpstreamFailed => late(`sent nothing more for ${ms / 1000} s`, 'UPSTREAM_IDLE_MS')

const tooLong = (ms: number): UpstreamFailed =>
  late(`had not ended its reply after ${ms / 1000} s`, 'UPSTREAM_TOTAL_MS')

const late = (what: string, variable: string) =>
  new UpstreamFailed('upstream_timeout', `The upstream ${what}. ${variable} sets how long to wait.`, 504)
