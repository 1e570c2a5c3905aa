import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { leftOf, type Take, waitFor } from '../../src/state/allowance.ts'
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

const windowMs = 60_000

/** Requests of one owner at a time of ours, in minutes that slide. */
function clock(most: number) {
  let now = 1e12
  let id = 0
  const granted: number[] = []
  const allowances = memoryAllowances(() => now)
  const one: Take = { name: 'requests', most, windowMs, amount: 1, held: false, slides: true }
  const take = async (amount = 1) => {
    const taken = await allowances.take('o', [{ ...one, amount }], { id: `${id++}`, ms: 1 })
    if (taken.granted && amount > 0) granted.push(now)
    return { ...taken, level: taken.levels[0]! }
  }
  const later = (ms: number) => {
    now += ms
  }
  return { take, later, granted }
}

/** Limits, and pauses between requests. */
const busy = [
  fc.integer({ min: 1, max: 30 }),
  fc.array(fc.integer({ min: 0, max: 40_000 }), { maxLength: 80 }),
] as const

test('in any part of a minute that slides, the limit and that part of it is let through', async () => {
  const check = async (most: number, pauses: readonly number[]) => {
    const { take, later, granted } = clock(most)
    for (const pause of pauses) {
      later(pause)
      // As many as there are, and one more.
      for (let more = true; more; ) more = (await take()).granted
    }
    for (const [index, from] of granted.entries())
      for (const [further, to] of granted.slice(index).entries())
        if (to - from <= windowMs) expect(further + 1).toBeLessThanOrEqual(most * (1 + (to - from) / windowMs) + 0.5)
  }
  await fc.assert(fc.asyncProperty(...busy, check), { numRuns: 60 })
})

test('who waits as long as is said is let through, and nobody before', async () => {
  const check = async (most: number, pauses: readonly number[], amount: number) => {
    const { take, later } = clock(most)
    for (const pause of pauses) {
      later(pause)
      await take()
    }
    const wanted = Math.min(amount, most)
    const wait = waitFor((await take(0)).level, wanted)
    if (wait > 1) {
      later(wait - 2)
      expect((await take(wanted)).granted).toBe(false)
      later(2)
    } else later(wait)
    expect((await take(wanted)).granted).toBe(true)
  }
  await fc.assert(fc.asyncProperty(...busy, fc.integer({ min: 1, max: 30 }), check), { numRuns: 300 })
})

test.each([1, 2, 60])('who always asks has %i requests in a minute on average', async (most) => {
  const { take, later, granted } = clock(most)
  for (let second = 0; second < 600; second++) {
    for (let more = true; more; ) more = (await take()).granted
    later(1000)
  }
  expect(granted.length).toBeGreaterThanOrEqual(most * 9)
  expect(granted.length).toBeLessThanOrEqual(most * 11)
})

test('after two minutes of silence all of it is there', async () => {
  const { take, later } = clock(5)
  for (let request = 0; request < 5; request++) await take()
  expect((await take(0)).level).toMatchObject({ used: 5 })
  later(2 * windowMs)
  expect(leftOf((await take(0)).level)).toBe(5)
})
