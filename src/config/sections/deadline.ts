import * as z from 'zod'
import { quorum } from '../../http/request.ts'
import { section } from '../section.ts'
import { number, whole } from '../values.ts'

/** When a recipe's request is answered that does not say so itself (`mull.deadline`, `x-mull-deadline`). */
export const deadline = section(
  z
    .strictObject({
      /**
       * Milliseconds from its arrival; by default it may take as long as `limits.ms` lets it.
       * @example 20_000
       */
      ms: whole(1).optional(),
      /**
       * How many samples are enough as it nears: a whole number, or below 1 a share of those asked for.
       * @example 0.5
       */
      quorum: quorum.optional(),
    })
    .prefault({}),
  {
    MULL_DEADLINE_MS: ['deadline.ms', number],
    MULL_QUORUM: ['deadline.quorum', number],
  },
)
