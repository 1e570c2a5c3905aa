import type { StrategyFactory } from '#core'
import * as strategies from '../strategies/index.ts'
import type { Config } from './config/index.ts'
import type { Pantry } from './recipe/resolve.ts'
import { scorers } from './scorers/index.ts'

/** What recipes can be made of, but for names that stand for whole recipes. */
export type Goods = Omit<Pantry, 'aliases'>

/** What Mull brings along. */
export const pantry: Goods = {
  strategies: Object.values(strategies) as unknown as readonly StrategyFactory[],
  scorers,
}

/** The same, and what the operator has beside it. */
export const pantryOf = (config: Config): Goods => ({
  strategies: [...pantry.strategies, ...config.strategies],
  scorers: [...pantry.scorers, ...config.scorers.own],
})
