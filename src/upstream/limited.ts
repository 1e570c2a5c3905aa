import pLimit from 'p-limit'
import type { Strategy } from '#core'
import { untilAborted } from '#core'
import type { Transport } from './transport.ts'

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

/**
 * At most so many calls that wait for their response headers, as Workers has it: six an invocation, and the seventh is
 * held back by the platform. Held back here instead, its time-out starts when its turn comes.
 */
export const queued = (slot: Limiter, transport: Transport): Transport => ({
  ...transport,
  send: (call) => slot(() => transport.send(call)),
})
