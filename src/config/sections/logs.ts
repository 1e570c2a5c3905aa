import * as z from 'zod'
import { section } from '../section.ts'

/** A line for each request, on the standard output. Nothing that was asked or said is ever in it, and no key. */
export const logs = section(
  z
    .strictObject({
      /**
       * For people (text), for programs (json), or none (off). Unless it is said, text; on Workers, which have a log of
       * their own, off.
       * @example 'json'
       */
      format: z.enum(['text', 'json', 'off']).optional(),
      /**
       * Which requests: all (info), those that failed or whose client left (warn), those that failed by no fault of the client's
       * (error). Unless it is said, all where the format is said or the output is a terminal, else
       * error.
       * @example 'info'
       */
      level: z.enum(['error', 'warn', 'info']).optional(),
    })
    .prefault({}),
  { MULL_LOG: ['logs.format'], MULL_LOG_LEVEL: ['logs.level'] },
)
