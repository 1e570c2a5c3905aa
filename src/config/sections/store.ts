import * as z from 'zod'
import { section } from '../section.ts'

/** Where what several processes have in common is kept. Without one, each has its own. */
export const store = section(
  z
    .strictObject({
      /**
       * A Redis or Valkey, redis://user:password@host:6379/0 or rediss:// (Node).
       * @example 'redis://localhost:6379'
       */
      redis: z.url({ protocol: /^rediss?$/, error: 'it is no address like redis://localhost:6379' }).optional(),
    })
    .prefault({}),
  { MULL_REDIS_URL: ['store.redis'] },
)
