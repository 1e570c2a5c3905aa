import type { Limits, Usage } from '#core'
import type { Admission, Expected, Holder, Named, Wanted } from '../http/gate.ts'
import { type Allowances, type Level, leftOf, resetOf, type Take, type Taken, usedOf } from '../state/allowance.ts'
import { headersOf } from './headers.ts'
import type { Key } from './key.ts'
import { matches } from './pattern.ts'
import { costOf, type Prices, priceOf } from './price.ts'
import { exhausted, forbidden, nameless, unpriced } from './refusals.ts'
import { reserved } from './reserved.ts'

export type HolderOptions = {
  readonly allowances: Allowances
  readonly prices: Prices
  /** Tokens that a completion is expected to have, where the request does not limit it. */
  readonly expected: number
}

const minute = 60_000
const day = 86_400_000

/** Whom a key belongs to: what it may have, and what of it is left. */
export function holderOf(key: Key, options: HolderOptions): Holder {
  const { name, models, strategies, n, requestsPerMinute, tokensPerMinute, spendPerDay } = key
  const { allowances, prices } = options
  const counts = tokensPerMinute !== undefined || spendPerDay !== undefined
  const isLimited = counts || requestsPerMinute !== undefined

  const modelRefused = ({ models: asked }: Wanted) => models && asked.find((named) => !isAmong(models, named))
  const strategyRefused = ({ models: asked, strategies: own }: Wanted) => {
    // What an operator's name stands for may be had by whoever may have that name.
    const hidden = asked.flatMap(({ alias, within = [] }) => (alias && models && allows(models, alias) ? [] : within))
    return strategies && [...own, ...hidden].find((id) => !allows(strategies, id))
  }
  const takes = (expected: Expected | undefined, looks = false): Take[] => {
    const { tokens, cost } = sizeOf(expected, options)
    const all = [
      take('requests', requestsPerMinute, minute, looks ? 0 : 1, false),
      take('tokens', tokensPerMinute, minute, looks ? 0 : tokens, true),
      take('spend', spendPerDay, day, looks ? 0 : cost, true),
    ]
    return all.filter((take) => take !== undefined)
  }

  return {
    name,
    reads: counts || [models, strategies, n].some((limit) => limit !== undefined),
    counts,
    n,
    may: (wanted) => modelRefused(wanted) === undefined && strategyRefused(wanted) === undefined,
    check(wanted) {
      if (wanted.models.length === 0 && (models || spendPerDay !== undefined)) throw nameless()
      const model = modelRefused(wanted)
      if (model) throw forbidden('model', model.alias ?? model.model, models!)
      const strategy = strategyRefused(wanted)
      if (strategy) throw forbidden('strategy', strategy, strategies!)
      const free = wanted.models.find(({ model }) => !priceOf(prices, model))
      if (spendPerDay !== undefined && free) throw unpriced(free.model)
    },
    async admit(expected): Promise<Admission> {
      if (!isLimited) return unlimited
      const asked = takes(expected)
      const held = reserved(allowances, name)
      const { granted, levels } = await held.take(asked)
      if (!granted) throw exhausted(asked, levels)
      return {
        headers: headersOf(levels),
        limits: limitsOf(levels),
        counts,
        settle: (usage) => held.settle(spentOf(usage), levels),
        settled: held.settled,
      }
    },
    async told() {
      const { levels } = await reserved(allowances, name).take(takes(undefined, true))
      return { name, expires: key.expires?.toISOString() ?? null, models, strategies, n, limits: levels.map(toldOf) }
    },
  }
}

const unlimited: Admission = { headers: {}, limits: {}, counts: false, settle: () => {}, settled: Promise.resolve() }

const allows = (patterns: readonly string[], name: string) => patterns.some((pattern) => matches(pattern, name))

const isAmong = (patterns: readonly string[], { alias, model }: Named) =>
  allows(patterns, model) || (alias !== undefined && allows(patterns, alias))

function take(name: string, most: number | undefined, windowMs: number, amount: number, held: boolean) {
  return most === undefined
    ? undefined
    : { name, most, windowMs, amount, held, strict: name === 'spend', slides: windowMs === minute }
}

/** What a request is held to cost until it is known: every completion as long as it may be. */
function sizeOf(expected: Expected | undefined, { prices, expected: usual }: HolderOptions) {
  if (!expected) return { tokens: 0, cost: 0 }
  const { model, calls, input, output = usual } = expected
  const usage = { input: calls * input, output: calls * output }
  const price = priceOf(prices, model)
  return { tokens: usage.input + usage.output, cost: price ? costOf(price, usage) : 0 }
}

/** What was left before, and is this request's own now, it may spend, and no more. */
function limitsOf(levels: Taken['levels']): Limits {
  const limits: { tokens?: number; cost?: number } = {}
  for (const level of levels) {
    const left = level.taken + leftOf(level)
    if (level.name === 'tokens') limits.tokens = left
    if (level.name === 'spend') limits.cost = left
  }
  return limits
}

const spentOf = ({ input, output, cost = 0 }: Usage) => ({ tokens: input + output, spend: cost })

const toldOf = (level: Level) => ({
  name: level.name,
  per: level.windowMs === day ? 'day' : 'minute',
  limit: level.most,
  used: usedOf(level),
  held: level.held,
  remaining: leftOf(level),
  resets_at: new Date(level.start + level.windowMs - level.resetMs + resetOf(level)).toISOString(),
})
