import { expect, test } from 'vitest'
import { RetryBudget } from '../../src/upstream/retry.ts'
import { startUpstream } from '../helpers/upstream.ts'
import { draw, modelAt, words } from './leaf.ts'

const taken = (budget: RetryBudget, times: number) =>
  Array.from({ length: times }, () => budget.take()).filter(Boolean).length

test('a hundred attempts may be made again at once, then a fifth of the calls and ten a second', () => {
  let now = 0
  const budget = new RetryBudget(() => now)
  expect(taken(budget, 200)).toBe(100)
  for (let i = 0; i < 52; i++) budget.call()
  expect(taken(budget, 50)).toBe(10)
  now += 2000
  expect(taken(budget, 50)).toBe(20)
  now += 1_000_000
  expect(taken(budget, 500)).toBe(100)
})

test('an upstream that fails everybody is asked little more often than there are calls', async () => {
  await using upstream = await startUpstream(() => ({ status: 503, error: { message: 'Overloaded.' } }))
  const { errors } = await draw(modelAt(upstream.url, { retries: 2 }), words(200))
  expect(errors).toHaveLength(200)
  expect(errors[0]).toMatchObject({ status: 503, message: 'Overloaded.' })
  const again = upstream.asked.length - 200
  expect(again).toBeGreaterThanOrEqual(100)
  expect(again).toBeLessThan(200)
})
