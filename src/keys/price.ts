import type { Usage } from '#core'
import { entryFor } from './pattern.ts'

/** Of a million tokens, in the operator's currency. */
export type Price = {
  readonly input: number
  readonly output: number
  /** Of input that the upstream had read before; default as any other. */
  readonly cached?: number
  /** Of the output that was thinking; default as any other. */
  readonly reasoning?: number
}

/** Prices by the name of a model, or by a pattern with `*`. */
export type Prices = Readonly<Record<string, Price>>

export const priceOf = (prices: Prices, model: string): Price | undefined => entryFor(prices, model)

/** What a model's tokens cost: by the table, else as the upstream says, else nobody knows. */
export function priced(prices: Prices, model: string): (usage: Usage) => Usage {
  const price = priceOf(prices, model)
  return price ? (usage) => ({ ...usage, cost: costOf(price, usage) }) : (usage) => usage
}

/** Cached tokens are part of the input, thinking is part of the output. */
export function costOf(price: Price, { input, output, cached = 0, reasoning = 0 }: Usage): number {
  const read = Math.min(cached, input)
  const thought = Math.min(reasoning, output)
  const cost =
    (input - read) * price.input +
    read * (price.cached ?? price.input) +
    (output - thought) * price.output +
    thought * (price.reasoning ?? price.output)
  return cost / 1_000_000
}
