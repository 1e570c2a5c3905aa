import { afterAll, beforeAll, describe } from 'vitest'
import { connectRedis, type Redis } from '../../src/node/redis.ts'
import { redisAllowances } from '../../src/node/redis-allowances.ts'
import { hasRedis, type RedisServer, startRedis } from '../helpers/redis.ts'
import { promises } from './promises.ts'

describe.skipIf(!hasRedis)('with redis-server', () => {
  let server: RedisServer
  const clients: Redis[] = []
  const connect = async () => {
    clients.push(await connectRedis(server.url, () => {}))
    return redisAllowances(clients.at(-1)!)
  }
  beforeAll(async () => {
    server = await startRedis()
  }, 30_000)
  afterAll(async () => {
    for (const client of clients) client.destroy()
    await server?.close()
  })

  promises('Redis', connect)

  promises('Redis, from two processes in turn', async () => {
    const both = [await connect(), await connect()] as const
    let turn = 0
    const next = () => both[turn++ % 2]!
    return {
      take: (...asked) => next().take(...asked),
      settle: (...asked) => next().settle(...asked),
      renew: (...asked) => next().renew(...asked),
    }
  })
})
