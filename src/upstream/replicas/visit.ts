import { UpstreamFailed } from '#core'
import type { Transport } from '../transport.ts'
import type { Replica } from './replica.ts'

/** One call at one replica, which learns from it how that is. */
export type Visit = {
  readonly transport: Transport
  /** Hears the status of the reply; returns whether it is to be let go, because another replica is asked instead. */
  readonly answered: (status: number) => boolean
  readonly failed: (error: unknown) => void
  readonly ended: () => void
  /** Who is asked instead. */
  readonly next: Replica | undefined
}

/** Begins one; `move` says who can be asked instead, and is asked for that once at the most. */
export function visit({ transport, breaker, underWay, keyed }: Replica, move: () => Replica | undefined): Visit {
  const trial = breaker.begin()
  const ended = underWay.begin()
  let told = false
  let next: Replica | undefined
  return {
    transport,
    ended,
    get next() {
      return next
    },
    answered(status) {
      told = true
      if (isDown(status) || (keyed && isOfKey(status))) {
        trial.failed()
        next = move()
      } else trial.succeeded()
      return next !== undefined
    },
    failed(error) {
      ended()
      if (told) return
      const code = error instanceof UpstreamFailed ? error.code : undefined
      if (code === 'upstream_unreachable' || code === 'upstream_timeout') trial.failed()
      else trial.left()
      // A time-out has used up its time already.
      if (code === 'upstream_unreachable') next = move()
    },
  }
}

/** What a key is refused with, and what it has used up. */
const isOfKey = (status: number) => status === 401 || status === 403 || status === 429

/** What proxies say for a server that is down, or about to be; Cloudflare has words of its own from 520 on. */
const isDown = (status: number) => (status >= 502 && status <= 504) || (status >= 520 && status <= 530)
