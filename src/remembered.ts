import { type Config, limitFieldOf, titleOf, type Upstream } from './config/index.ts'
import type { UpstreamOptions } from './upstream/index.ts'
import { memoryStore } from './upstream/store/memory.ts'
import { patient } from './upstream/store/patient.ts'
import type { Store } from './upstream/store/store.ts'

/** Where samples are kept for later requests. */
export type Shelves = {
  readonly samples: Store
  /** For a store that is slow to write: how long to gather what is written at once, in milliseconds. */
  readonly pauseMs?: number
  /** Keeps the runtime alive until what was begun is done (Workers). */
  readonly outlive?: (work: Promise<unknown>) => void
}

/** Longer than any store takes that is well; who waits for it is a client. */
const patienceMs = 500

/** In this process alone. */
export const inMemory = ({ bank }: Config): Shelves => ({
  samples: memoryStore({ entries: bank.entries, bytes: bank.megabytes * 1024 * 1024 }),
})

/** Beyond this process, where it may be slow, or not there. */
export const beyond = (store: Store, more: Omit<Shelves, 'samples'> = {}): Shelves => ({
  samples: patient(store, patienceMs),
  ...more,
})

/** The bank of an upstream, if there is to be one. */
export function bankOf(
  config: Config,
  upstream: Upstream,
  { samples, ...more }: Shelves,
): Pick<UpstreamOptions, 'bank'> {
  const { mode, seconds, shared } = config.bank
  if (mode === 'off') return {}
  return { bank: { ...more, store: samples, ttlMs: seconds * 1000, shared, origin: originOf(upstream) } }
}

/** What is asked, and how: everything of the configuration that changes what comes of a prompt. */
function originOf(upstream: Upstream): string {
  const { effort, thinkingTokens, prefilled } = upstream.dialect
  return JSON.stringify([titleOf(upstream), effort, thinkingTokens, prefilled, limitFieldOf(upstream)])
}
