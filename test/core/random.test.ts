import { expect, test } from 'vitest'
import { hash, seedFor } from '#core'

test('the first draw keeps the client’s seed, and every other has its own', () => {
  const draws = Array.from({ length: 64 }, (_, draw) => seedFor(7, [draw]))
  expect(draws[0]).toBe(7)
  expect(new Set(draws).size).toBe(64)
  expect(seedFor(7, [0, 0])).toBe(7)
  expect(seedFor(7, [1, 0])).not.toBe(seedFor(7, [0, 1]))
})

test('a seed is a number that every upstream takes', () => {
  for (const part of ['', 'a', '𝒳', 12]) expect(hash(part)).toBeLessThan(2 ** 31)
})
