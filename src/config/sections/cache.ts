import * as z from 'zod'
import { section } from '../section.ts'
import { number, whole } from '../values.ts'

export const cache = section(
  z
    .strictObject({
      /** Completions remembered, by prompt and draw. */
      entries: whole(0).default(0),
    })
    .prefault({}),
  { MULL_CACHE_ENTRIES: ['cache.entries', number] },
)
