import { expect, test } from 'vitest'
import { execute, hash, type Run, randomFrom, seedFor, shuffled, strategy } from '#core'
import { about, context, question, scripted, times } from '../helpers/scripted.ts'

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

test('the same parts give the same numbers, others give others, all of them in [0, 1) and evenly spread', () => {
  const numbers = (...parts: (string | number)[]) => times(1000, randomFrom(...parts))
  expect(numbers(1, 2)).toEqual(numbers(1, 2))
  for (const other of [numbers(2, 1), numbers(1, 2, 0), numbers('12')]) expect(other).not.toEqual(numbers(1, 2))
  const drawn = numbers(7)
  expect(Math.min(...drawn)).toBeGreaterThanOrEqual(0)
  expect(Math.max(...drawn)).toBeLessThan(1)
  const tenths = times(10, (tenth) => drawn.filter((number) => Math.floor(number * 10) === tenth).length)
  for (const count of tenths) expect(Math.abs(count - 100)).toBeLessThan(50)
})

test('shuffling keeps every item, leaves the list as it was, and likes no order better than another', () => {
  const items = ['a', 'b', 'c']
  const random = randomFrom(1)
  const orders = times(6000, () => shuffled(items, random).join(''))
  expect(items).toEqual(['a', 'b', 'c'])
  const counts = Object.values(Object.groupBy(orders, (order) => order)).map((same) => same!.length)
  expect(counts).toHaveLength(6)
  for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(150)
  expect(orders[0]).toHaveLength(3)
  expect(shuffled([], random)).toEqual([])
})

test('a strategy’s random numbers are those of its place in the tree and of the client’s seed', async () => {
  const drawn = strategy('drawn', about, {}, async (run: Run) => ({ text: `${run.random()}`, finish: 'stop' }))
  const outer = strategy('outer', about, {}, async (run) => {
    const samples = await run.samples(3).all()
    return { text: samples.map(({ text }) => text).join(), finish: 'stop' }
  })
  const numbers = async (seed?: number) => {
    const prompt = question('?', seed === undefined ? {} : { seed })
    return (await execute(outer()(drawn()(scripted(['x']).model)), prompt, context).result).text.split(',')
  }
  expect(new Set(await numbers(1)).size).toBe(3)
  expect(await numbers(1)).toEqual(await numbers(1))
  expect(await numbers(2)).not.toEqual(await numbers(1))
  expect(await numbers()).toEqual(await numbers())
})
