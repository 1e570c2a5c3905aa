import * as z from 'zod'
import { section } from '../section.ts'
import { number, whole } from '../values.ts'

/** The most that one request may take, whatever its own budget says. */
export const limits = section(
  z
    .strictObject({
      /** Completions; a recipe whose own numbers may take more is refused. */
      calls: whole(1).default(64),
      /** Answers that a client may want to see of one request, its `n`. */
      n: whole(1, 128).default(16),
      /** Tokens, in and out; then the best answer so far is given. */
      tokens: whole(1).default(10_000_000),
      /** Milliseconds; then the best answer so far is given. */
      ms: whole(1).default(3_600_000),
      /** Tokens that a completion is taken to have before it is known, where a request has no `max_tokens`. */
      expected: whole(1).default(1024),
      /** Megabytes of a request's body that a recipe is read from. */
      body: z.number().positive().default(10),
    })
    .prefault({}),
  {
    MULL_MAX_BODY_MB: ['limits.body', number],
    MULL_MAX_CALLS: ['limits.calls', number],
    MULL_MAX_N: ['limits.n', number],
    MULL_MAX_MS: ['limits.ms', number],
    MULL_MAX_TOKENS: ['limits.tokens', number],
  },
)
