import { LRUCache } from 'lru-cache'
import { longestList, type Store } from './store.ts'

export type MemoryOptions = {
  /** The most keys that are kept. */
  readonly entries: number
  /** The most bytes that are kept, keys included; what is used least goes first. */
  readonly bytes: number
  /** In milliseconds. */
  readonly now?: () => number
}

/** Kept by this process alone. A text that would take more than a quarter of the room is not kept. */
export function memoryStore({ entries, bytes, now = Date.now }: MemoryOptions): Store {
  const kept = new LRUCache<string, Kept>({
    max: entries,
    maxSize: bytes,
    sizeCalculation: ({ size }) => size,
    perf: { now },
    ttlResolution: 0,
  })
  const keep = (key: string, texts: readonly string[], ttl: number): void => {
    const size = [key, ...texts].reduce((sum, text) => sum + 2 * text.length, 0)
    // What is too large for the cache would take with it what is there.
    if (size <= bytes / 4) kept.set(key, { texts, size: Math.max(1, size) }, { ttl })
  }
  const texts = (key: string): readonly string[] => kept.get(key)?.texts ?? []
  return {
    get: async (key) => texts(key)[0],
    set: async (key, text, ttlMs) => keep(key, [text], ttlMs),
    list: async (key) => texts(key),
    append: async (key, more, ttlMs) => keep(key, [...texts(key), ...more].slice(0, longestList), ttlMs),
  }
}

type Kept = { readonly texts: readonly string[]; readonly size: number }
