import type { Config } from './config/index.ts'
import type { Identify, Named, Wanted } from './http/gate.ts'
import type { Digest } from './keys/digest.ts'
import { keyring } from './keys/keyring.ts'
import { priced } from './keys/price.ts'
import type { Recipe } from './recipe/resolve.ts'
import type { Allowances } from './state/allowance.ts'
import type { UpstreamOptions } from './upstream/index.ts'

/** Whose keys the configuration knows; undefined where it asks for none. */
export function identifyBy(
  { keys, prices, limits }: Config,
  allowances: Allowances,
  digest: Digest,
): Identify | undefined {
  if (keys.length === 0) return undefined
  return keyring(keys, { allowances, prices, expected: limits.expected, digest })
}

/** Whether anything is counted that several processes had better count together. */
export const isCounted = ({ keys }: Config): boolean =>
  keys.some((key) => 'spendPerDay' in key || 'tokensPerMinute' in key || 'requestsPerMinute' in key)

/** What the tokens of each model cost. */
export const pricesOf = ({ prices }: Config): Pick<UpstreamOptions, 'price'> => ({
  price: (model) => priced(prices, model),
})

/** What a recipe wants, as far as a key may forbid it; the models that its options name among that. */
export function wantedBy(recipe: Recipe): Wanted {
  const inner = recipe.others.map(wantedBy)
  return {
    models: [named(recipe), ...inner.flatMap(({ models }) => models)],
    strategies: [...recipe.strategies, ...inner.flatMap(({ strategies }) => strategies)],
  }
}

const named = ({ alias, model, within }: Recipe): Named => ({ alias, model, within })
