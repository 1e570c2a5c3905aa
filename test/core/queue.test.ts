import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Queue } from '#core'

test('everything that is pushed is read once, in order, whenever it is pushed', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(fc.integer(), fc.boolean())), fc.boolean(), async (items, endLate) => {
      const queue = new Queue<number>()
      const read = (async () => {
        const all: number[] = []
        for await (const item of queue) all.push(item)
        return all
      })()
      for (const [item, pause] of items) {
        queue.push(item)
        if (pause) await Promise.resolve()
      }
      if (endLate) for (let i = 0; i < 9; i++) await Promise.resolve()
      queue.end()
      expect(await read).toEqual(items.map(([item]) => item))
    }),
  )
})

test('what came before the end is read after it', async () => {
  const queue = new Queue<number>()
  queue.push(1)
  queue.end()
  const all: number[] = []
  for await (const item of queue) all.push(item)
  expect(all).toEqual([1])
})

test('a reader that leaves is noticed, and one that stays to the end is not', async () => {
  let left = 0
  const queue = () => new Queue<number>(() => left++)
  const early = queue()
  early.push(1)
  for await (const _ of early) break
  expect(left).toBe(1)
  const whole = queue()
  whole.push(1)
  whole.end()
  for await (const _ of whole);
  expect(left).toBe(1)
})
