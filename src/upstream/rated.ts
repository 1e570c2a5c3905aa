import pThrottle from 'p-throttle'
import { UpstreamFailed, untilAborted } from '#core'
import type { Transport } from './transport.ts'

export type Rate = {
  /** How many requests an upstream takes a minute. */
  readonly perMinute: number
  /** How many may wait for their turn, at least 1; the next one is refused at once. */
  readonly waiting: number
}

type Visit = { waits: boolean }

/**
 * At most so many requests a minute, as this process counts them; the others wait for their turn, and beyond those that
 * may wait one is refused with a 429 that says when to come again. Who leaves while it waits uses its turn up.
 */
export function rated(transport: Transport, { perMinute, waiting }: Rate): Transport {
  let queued = 0
  const onDelay = (visit: Visit) => {
    visit.waits = true
    queued++
  }
  const turn = pThrottle({ limit: perMinute, interval: 60_000, onDelay })(async (_visit: Visit) => {})
  const permitted = async (signal: AbortSignal) => {
    if (queued >= waiting) throw tooMany(perMinute, queued)
    const visit: Visit = { waits: false }
    try {
      await untilAborted(turn(visit), signal)
    } finally {
      if (visit.waits) queued--
    }
  }
  return {
    ...transport,
    send: async (call) => {
      await permitted(call.signal)
      return transport.send(call)
    },
    relay: async (relayed) => {
      await permitted(relayed.request.signal)
      return transport.relay(relayed)
    },
  }
}

const tooMany = (perMinute: number, queue: number) =>
  new UpstreamFailed(
    'upstream_rate_limited',
    `The upstream is asked ${perMinute} times a minute at the most, and too many requests wait for their turn already.`,
    429,
    { type: 'rate_limit_error', retryAfter: String(Math.ceil((queue / perMinute) * 60)) },
  )
