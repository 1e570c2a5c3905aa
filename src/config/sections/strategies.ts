import type { StrategyFactory } from '#core'
import { pantry } from '../../pantry.ts'
import { own } from '../own.ts'
import { section } from '../section.ts'

/**
 * Strategies of your own, made with `strategy` of mull/core: recipes name them like any other. docs/writing.md shows how
 * to write one.
 */
export const strategies = section(own<StrategyFactory>('strategy', pantry.strategies))
