import * as z from 'zod'
import { section } from '../section.ts'
import { number, whole } from '../values.ts'

/** Never; for the requests that ask for it; or for all that do not refuse it. */
export const remembered = ['off', 'asked', 'on'] as const

const remembering = (seconds: number) =>
  z
    .strictObject({
      /** For which requests. A client that sent the same before gets the same again, so it is off unless it is wanted. */
      mode: z.enum(remembered).default('off'),
      /** How long something is kept. */
      seconds: whole(1).default(seconds),
      /**
       * Whether all clients get what one of them was answered. By default each key has its own, for a prompt may hold
       * what others must not know; and who brings a key of the upstream's own always does.
       */
      shared: z.boolean().default(false),
      /** The most prompts that a process keeps in its memory. What is used least goes first. */
      entries: whole(1).default(10_000),
      /** The most megabytes that they take. */
      megabytes: z.number().positive().default(64),
    })
    .prefault({})

/** Whole answers, for when the very same is asked again. Plain requests that sample are only kept if they ask for it. */
export const cache = section(remembering(3600), {
  MULL_CACHE: ['cache.mode'],
  MULL_CACHE_SECONDS: ['cache.seconds', number],
  MULL_CACHE_ENTRIES: ['cache.entries', number],
  MULL_CACHE_MB: ['cache.megabytes', number],
})

/** Samples by their prompt, of which a later request draws only those that are missing. */
export const bank = section(remembering(86_400), {
  MULL_BANK: ['bank.mode'],
  MULL_BANK_SECONDS: ['bank.seconds', number],
  MULL_BANK_MB: ['bank.megabytes', number],
})
