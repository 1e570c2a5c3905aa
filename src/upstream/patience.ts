import { UpstreamFailed } from '#core'

/** How long an upstream may take: in milliseconds, `Infinity` or absent for as long as it likes. */
export type Patience = {
  /** Until there is a connection, its encryption included; where the runtime tells. */
  readonly connectMs?: number
  /** Until its reply begins. */
  readonly timeoutMs: number
  /** From there until something comes of it; by default as between two pieces. */
  readonly firstTokenMs?: number
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
  { idleMs = Infinity, firstTokenMs = idleMs, totalMs = Infinity }: Patience,
  came: () => number,
  end: (error: UpstreamFailed) => void,
): () => void {
  const shortest = Math.min(idleMs, firstTokenMs, totalMs)
  if (shortest > longest) return () => {}
  const begun = Date.now()
  const none = came()
  let seen = none
  let heard = begun
  const timer = setInterval(
    () => {
      const now = Date.now()
      const count = came()
      if (count !== seen) heard = now
      seen = count
      if (now - begun >= totalMs) stop(tooLong(totalMs))
      else if (now - heard >= (count === none ? firstTokenMs : idleMs))
        stop(count === none ? unbegun(firstTokenMs) : stalled(idleMs))
    },
    Math.max(1, shortest / 4),
  )
  const stop = (error: UpstreamFailed) => {
    clearInterval(timer)
    end(error)
  }
  return () => clearInterval(timer)
}

const stalled = (ms: number): UpstreamFailed =>
  late(`sent nothing more for ${ms / 1000} s`, 'UPSTREAM_IDLE_MS, or timeouts.idle of the upstream,')

const unbegun = (ms: number): UpstreamFailed =>
  late(`sent nothing after its headers for ${ms / 1000} s`, 'UPSTREAM_IDLE_MS, or timeouts.firstToken of the upstream,')

const tooLong = (ms: number): UpstreamFailed =>
  late(`had not ended its reply after ${ms / 1000} s`, 'UPSTREAM_TOTAL_MS, or timeouts.total of the upstream,')

/** What an upstream did not do in time, and what sets how long that is. */
export const late = (what: string, setting: string): UpstreamFailed =>
  new UpstreamFailed('upstream_timeout', `The upstream ${what}. ${setting} sets how long to wait.`, 504)
