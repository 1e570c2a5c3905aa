import { longestList, type Store } from '../upstream/store/store.ts'
import type { Redis } from './redis.ts'

/** Kept in Redis, for every process that is connected to it. How much it keeps is for its `maxmemory` to say. */
export const redisStore = (redis: Redis): Store => ({
  get: async (key) => (await redis.get(named(key))) ?? undefined,
  set: async (key, text, ttlMs) =>
    void (await redis.set(named(key), text, { expiration: { type: 'PX', value: ttlMs } })),
  list: async (key) => redis.lRange(named(key), 0, -1),
  append: async (key, texts, ttlMs) =>
    void (await redis
      .multi()
      .rPush(named(key), [...texts])
      .lTrim(named(key), 0, longestList - 1)
      .pExpire(named(key), ttlMs)
      .exec()),
})

const named = (key: string) => `mull:${key}`
