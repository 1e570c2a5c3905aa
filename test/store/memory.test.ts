import { expect, test } from 'vitest'
import { memoryStore } from '../../src/upstream/store/memory.ts'
import { promises } from './promises.ts'

promises('memory', async () => memoryStore({ entries: 1000, bytes: 1_000_000 }))

test('keeps so many keys, and so many bytes, and lets go of what is used least', async () => {
  const few = memoryStore({ entries: 2, bytes: 1_000_000 })
  for (const key of ['a', 'b']) await few.set(key, key, 60_000)
  await few.get('a')
  await few.set('c', 'c', 60_000)
  expect([await few.get('a'), await few.get('b'), await few.get('c')]).toEqual(['a', undefined, 'c'])

  const small = memoryStore({ entries: 1000, bytes: 10_000 })
  for (let index = 0; index < 100; index++) await small.set(`${index}`, 'x'.repeat(500), 60_000)
  const kept = await Promise.all(Array.from({ length: 100 }, (_, index) => small.get(`${index}`)))
  expect(kept.filter(Boolean).length).toBeLessThanOrEqual(10)
  expect(kept[99]).toBeDefined()
})

test('does not keep what is too large, and keeps what was there beside it', async () => {
  const store = memoryStore({ entries: 10, bytes: 10_000 })
  await store.append('list', ['small'], 60_000)
  await store.append('list', ['x'.repeat(5000)], 60_000)
  expect(await store.list('list')).toEqual(['small'])
})

test('forgets what is old', async () => {
  let now = 1
  const store = memoryStore({ entries: 10, bytes: 10_000, now: () => now })
  await store.set('key', 'text', 1000)
  now += 900
  expect(await store.get('key')).toBe('text')
  now += 200
  expect(await store.get('key')).toBeUndefined()
})
