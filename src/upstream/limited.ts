import pLimit from 'p-limit'
import type { Strategy } from '#core'
import { untilAborted } from '#core'

export type Limiter = <T>(work: () => Promise<T>) => Promise<T>

/** At most `concurrency` of the given works at once, in order of arrival; `Infinity` is no limit. */
export const limiter = (concurrency: number): Limiter => {
  const limit = pLimit(concurrency)
  return (work) => limit(work)
}

/**
 * Permits for upstream calls. Only leaves hold them: a strategy that held one while its samples wait for theirs could
 * block itself. Who is cancelled while queueing leaves at once, and its turn passes without a call.
 */
export const limited =
  (slot: Limiter): Strategy =>
  (model) =>
  (prompt, scope) =>
    untilAborted(
      slot(async () => {
        scope.signal.throwIfAborted()
        return model(prompt, scope)
      }),
      scope.signal,
    )
