import { beforeAll, describe, expect, test } from 'vitest'
import type { Store } from '../../src/upstream/store/store.ts'

let number = 0
/** A key that nothing was kept under. */
export const newKey = () => `answer:${Date.now()}-${++number}`

/** What holds of a store wherever it is. */
export function promises(title: string, start: () => Promise<Store>): void {
  describe(`a store in ${title}`, () => {
    let store: Store
    beforeAll(async () => {
      store = await start()
    }, 30_000)

    test('has nothing that nobody has put there', async () => {
      expect(await store.get(newKey())).toBeUndefined()
      expect(await store.list(newKey())).toEqual([])
    })

    test('gives what was set last, letter by letter', async () => {
      const key = newKey()
      await store.set(key, 'one', 60_000)
      await store.set(key, '{"zwei":"ü\\n\u2028🙂"}', 60_000)
      expect(await store.get(key)).toBe('{"zwei":"ü\\n\u2028🙂"}')
    })

    test('lists what was appended, in order, and no more than a list may hold', async () => {
      const key = newKey()
      await store.append(key, ['a'], 60_000)
      await store.append(key, ['b', 'c'], 60_000)
      expect(await store.list(key)).toEqual(['a', 'b', 'c'])
      await store.append(
        key,
        Array.from({ length: 1100 }, (_, index) => `${index}`),
        60_000,
      )
      const all = await store.list(key)
      expect([all.length, all.slice(0, 4)]).toEqual([1024, ['a', 'b', 'c', '0']])
    })

    test('keeps keys apart', async () => {
      const [one, other] = [newKey(), newKey()]
      await store.set(one, 'one', 60_000)
      await store.set(other, 'other', 60_000)
      expect([await store.get(one), await store.get(other)]).toEqual(['one', 'other'])
    })
  })
}
