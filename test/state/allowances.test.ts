import { expect, test } from 'vitest'
import { leftOf } from '../../src/state/allowance.ts'
import { memoryAllowances } from '../../src/state/memory.ts'
import { promises } from './promises.ts'

promises('memory', async () => memoryAllowances())

test('a new window begins as new, whatever is still held in the one before', async () => {
  let now = 90_000
  const allowances = memoryAllowances(() => now)
  const tokens = { name: 'tokens', most: 10, windowMs: 60_000, amount: 10, held: true }
  const first = await allowances.take('o', [tokens], { id: 'a', ms: 1e6 })
  expect(first.levels[0]).toMatchObject({ start: 60_000, resetMs: 30_000 })
  expect((await allowances.take('o', [tokens], { id: 'b', ms: 1e6 })).granted).toBe(false)
  now = 120_000
  const second = await allowances.take('o', [{ ...tokens, amount: 4 }], { id: 'c', ms: 1e6 })
  expect(second).toMatchObject({ granted: true, levels: [{ held: 4, start: 120_000, resetMs: 60_000 }] })
  await allowances.settle('o', 'a', [{ name: 'tokens', start: 60_000, amount: 9 }])
  const { levels } = await allowances.take('o', [{ ...tokens, amount: 0 }], { id: 'd', ms: 0 })
  expect(levels.map(leftOf)).toEqual([6])
})
