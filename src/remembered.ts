import { canonicalJson } from '#answers'
import { type Config, limitFieldOf, titleOf, type Upstream } from './config/index.ts'
import type { Answers } from './http/answers.ts'
import type { Flights } from './http/flights.ts'
import { sameAnswers } from './upstream/bank/kept.ts'
import { askerOf } from './upstream/headers.ts'
import type { UpstreamOptions } from './upstream/index.ts'
import { digest } from './upstream/store/digest.ts'
import { memoryStore } from './upstream/store/memory.ts'
import { patient } from './upstream/store/patient.ts'
import type { Store } from './upstream/store/store.ts'

/** Where answers and samples are kept for later requests. */
export type Shelves = {
  readonly answers: Store
  readonly samples: Store
  /** Where requests that ask the same at once are answered by one, if they are. */
  readonly flights?: Flights
  /** For a store that is slow to write: how long to gather what is written at once, in milliseconds. */
  readonly pauseMs?: number
  /** Keeps the runtime alive until what was begun is done (Workers). */
  readonly outlive?: (work: Promise<unknown>) => void
}

/** Longer than any store takes that is well; who waits for it is a client. */
const patienceMs = 500

/** In this process alone. */
export const inMemory = ({ cache, bank }: Config): Shelves => ({
  answers: memoryStore({ entries: cache.entries, bytes: cache.megabytes * 1024 * 1024 }),
  samples: memoryStore({ entries: bank.entries, bytes: bank.megabytes * 1024 * 1024 }),
})

/** Beyond this process, where it may be slow, or not there. */
export function beyond(store: Store, more: Omit<Shelves, 'answers' | 'samples'> = {}): Shelves {
  const waited = patient(store, patienceMs)
  return { answers: waited, samples: waited, ...more }
}

/** The bank of an upstream, if there is to be one. */
export function bankOf(
  config: Config,
  upstream: Upstream,
  { samples, pauseMs, outlive }: Shelves,
): Pick<UpstreamOptions, 'bank'> {
  const { mode, seconds, shared } = config.bank
  if (mode === 'off') return {}
  const pace = { ...(pauseMs === undefined ? {} : { pauseMs }), ...(outlive ? { outlive } : {}) }
  return { bank: { ...pace, store: samples, ttlMs: seconds * 1000, shared, origin: originOf(upstream) } }
}

/** Whole answers, if they are to be remembered. */
export function answersOf(
  config: Config,
  { answers: store, flights, outlive = () => {} }: Shelves,
): Answers | undefined {
  const { mode, seconds, shared } = config.cache
  if (mode === 'off') return undefined
  // Other judges, or another way to ask them, may choose another answer.
  const { upstreams, aliases, scorers } = config
  const origin = [Object.values(upstreams).map(originOf), aliases, scorers]
  return {
    mode,
    seconds,
    flights,
    of(caller, { prompts, ...question }) {
      const asked = canonicalJson([origin, askerOf(caller, shared), question, prompts.map(sameAnswers)])
      const key = digest(asked).then((digested) => `answer:${digested}`)
      return {
        key,
        read: async () => store.get(await key),
        write(text, seconds) {
          const written = key.then((key) => store.set(key, text, seconds * 1000)).catch(ignored)
          outlive(written)
          return written
        },
      }
    },
  }
}

const ignored = () => {}

/** What is asked, and how: everything of the configuration that changes what comes of a prompt. */
function originOf(upstream: Upstream): string {
  const { effort, thinkingTokens, prefilled } = upstream.dialect
  return JSON.stringify([titleOf(upstream), effort, thinkingTokens, prefilled, limitFieldOf(upstream)])
}
