import * as z from 'zod'
import { section } from '../section.ts'
import { number, whole } from '../values.ts'

/** Where what several processes have in common is kept. Without one, each has its own. */
export const store = section(
  z
    .strictObject({
      /**
       * A Redis or Valkey, redis://user:password@host:6379/0 or rediss:// (Node).
       * @example 'redis://localhost:6379'
       */
      redis: z.url({ protocol: /^rediss?$/, error: 'it is no address like redis://localhost:6379' }).optional(),
      /**
       * How many milliseconds a request waits to be counted there, or by a Durable Object. Then the limits of keys are
       * kept by this process alone, and keys with a budget are refused.
       */
      timeout: whole(1).default(1000),
    })
    .prefault({}),
  { MULL_REDIS_URL: ['store.redis'], MULL_STORE_TIMEOUT_MS: ['store.timeout', number] },
)
