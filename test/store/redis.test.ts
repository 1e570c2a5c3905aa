import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connectRedis, disconnect, type Redis } from '../../src/node/redis.ts'
import { redisStore } from '../../src/node/redis-store.ts'
import { hasRedis, type RedisServer, startRedis } from '../helpers/redis.ts'
import { newKey, promises } from './promises.ts'

describe.skipIf(!hasRedis)('with redis-server', () => {
  let server: RedisServer
  let redis: Redis
  beforeAll(async () => {
    server = await startRedis()
    redis = await connectRedis(server.url, () => {})
  }, 30_000)
  afterAll(async () => {
    await disconnect(redis)
    await server?.close()
  })

  promises('Redis', async () => redisStore(redis))

  test('what is appended in two places at once is all there', async () => {
    const store = redisStore(redis)
    const key = newKey()
    await Promise.all(Array.from({ length: 50 }, (_, index) => store.append(key, [`${index}`], 60_000)))
    expect((await store.list(key)).toSorted()).toEqual(Array.from({ length: 50 }, (_, index) => `${index}`).toSorted())
  })

  test('everything has an end', async () => {
    const store = redisStore(redis)
    const [text, list] = [newKey(), newKey()]
    await store.set(text, 'text', 5000)
    await store.append(list, ['text'], 5000)
    for (const key of [text, list]) {
      const left = await redis.pTTL(`mull:${key}`)
      expect(left).toBeGreaterThan(0)
      expect(left).toBeLessThanOrEqual(5000)
    }
  })
})
