import { expect, test } from 'vitest'
import { entryFor } from '../../src/keys/pattern.ts'
import { costOf, priced } from '../../src/keys/price.ts'

const price = { input: 1, output: 10 }

test.each([
  [{ input: 1_000_000, output: 0 }, 1],
  [{ input: 0, output: 500_000 }, 5],
  [{ input: 1_000_000, output: 0, cached: 400_000 }, 0.6 + 0.04],
  [{ input: 0, output: 1_000_000, reasoning: 250_000 }, 7.5 + 5],
  [{ input: 10, output: 10, cached: 20, reasoning: 20 }, 0.000001 + 0.0002],
])('%j costs %d', (usage, cost) => {
  expect(costOf({ ...price, cached: 0.1, reasoning: 20 }, usage)).toBeCloseTo(cost, 9)
})

test('what is cached or thought costs as all else where no other price is said', () => {
  expect(costOf(price, { input: 1e6, output: 1e6, cached: 5e5, reasoning: 5e5 })).toBe(11)
})

test('the table is believed before the upstream, and the upstream where it says nothing', () => {
  const usage = { input: 1e6, output: 0, cost: 7 }
  expect(priced({ m: price }, 'm')(usage).cost).toBe(1)
  expect(priced({ m: price }, 'other')(usage).cost).toBe(7)
})

test.each([
  ['gpt-4o', 'exact'],
  ['gpt-4o-mini', 'gpt-4o*'],
  ['gpt-5', 'gpt-*'],
  ['llama', '*'],
])('the price of %s is that of %s', (model, entry) => {
  expect(entryFor({ '*': '*', 'gpt-*': 'gpt-*', 'gpt-4o*': 'gpt-4o*', 'gpt-4o': 'exact' }, model)).toBe(entry)
})

test('a name of the prototype has no entry', () => {
  expect(entryFor({}, 'constructor')).toBeUndefined()
})
