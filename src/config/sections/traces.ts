import * as z from 'zod'
import { section } from '../section.ts'
import { whole } from '../values.ts'

/** The last requests and what happened in them, kept in memory for the page and for /v1/traces. */
export const traces = section(
  z
    .strictObject({
      /**
       * Everything (full), everything but what was asked and said (metadata), or nothing (off). Unless it is said: full where
       * a key is asked for or nobody but this machine can ask, else off.
       * @example 'full'
       */
      keep: z.enum(['full', 'metadata', 'off']).optional(),
      /** The most requests that are kept; relays are counted by themselves. */
      entries: whole(1, 100_000).default(300),
      /** The most memory that they may take. */
      megabytes: whole(1).default(32),
      /** Which of them a key may read: its own (own), or those of every key (all). */
      readable: z.enum(['own', 'all']).default('own'),
    })
    .prefault({}),
  { MULL_TRACES: ['traces.keep'], MULL_TRACES_READABLE: ['traces.readable'] },
)
