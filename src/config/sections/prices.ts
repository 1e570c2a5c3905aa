import * as z from 'zod'
import { section } from '../section.ts'

const price = z.number().min(0)

/**
 * What a million tokens cost, by model or by pattern with `*`; of several patterns the longest counts.
 * @example { 'deepseek-*': { input: 0.28, cached: 0.028, output: 0.42 } }
 */
export const prices = section(
  z
    .record(
      z.string().min(1),
      z.strictObject({
        input: price,
        output: price,
        /** Of input that the upstream had read before; without this as any other. */
        cached: z.exactOptional(price),
        /** Of thinking, where the upstream counts it apart; without this as any other output. */
        reasoning: z.exactOptional(price),
      }),
    )
    .default({}),
  { MULL_PRICES: ['prices', (text) => JSON.parse(text)] },
)
