import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connectRedis } from '../../src/node/redis.ts'
import { redisAllowances } from '../../src/node/redis-allowances.ts'
import { type Allowances, leftOf, type Take } from '../../src/state/allowance.ts'
import { memoryAllowances } from '../../src/state/memory.ts'
import { steady } from '../../src/state/steady.ts'
import { hasRedis, type RedisServer, startRedis } from '../helpers/redis.ts'
import { promises } from './promises.ts'

const windowMs = 1e13
const requests: Take = { name: 'requests', most: 2, windowMs, amount: 1, held: false }
const money: Take = { name: 'money', most: 1, windowMs, amount: 0.5, held: true, strict: true }
const hold = (id: string) => ({ id, ms: 60_000 })

/** Shared allowances that are there, or are not, or never answer. */
function shaky() {
  const log: string[] = []
  const shared = memoryAllowances()
  let state: 'well' | 'refusing' | 'silent' = 'well'
  const perhaps = async <T>(work: () => Promise<T>): Promise<T> => {
    if (state === 'refusing') throw new Error('the connection is closed')
    return state === 'silent' ? new Promise(() => {}) : work()
  }
  const over: Allowances = {
    take: (...asked) => perhaps(() => shared.take(...asked)),
    settle: (...asked) => perhaps(() => shared.settle(...asked)),
    renew: (...asked) => perhaps(() => shared.renew(...asked)),
  }
  const be = (next: typeof state) => {
    state = next
  }
  const line = (text: string) => log.push(text)
  return { shared, be, log, allowances: steady(over, { title: 'Redis', timeoutMs: 20, backoffMs: 1, log: line }) }
}

promises('something steady', async () => shaky().allowances)

describe.each(['refusing', 'silent'] as const)('shared allowances that are %s', (state) => {
  test('leave limits to this process alone, and the log says so once', async () => {
    const { allowances, be, log } = shaky()
    await allowances.take('o', [requests], hold('a'))
    be(state)
    const granted = []
    for (const id of ['b', 'c', 'd']) granted.push((await allowances.take('o', [requests], hold(id))).granted)
    expect(granted).toEqual([true, true, false])
    be('well')
    expect((await allowances.take('o', [requests], hold('e'))).levels[0]!.used).toBe(2)
    expect(log).toEqual([expect.stringMatching(/^Redis does not count/), 'Redis counts again.'])
  })

  test('spend nothing: a 503 that says when to come again', async () => {
    const { allowances, be } = shaky()
    be(state)
    const error = { status: 503, code: 'budget_unknown', retryAfter: '2' }
    await expect(allowances.take('o', [requests, money], hold('a'))).rejects.toMatchObject(error)
  })

  test('get back to their own what was held without the others', async () => {
    const { allowances, be } = shaky()
    const tokens = { ...money, name: 'tokens', strict: false }
    be(state)
    const { levels } = await allowances.take('o', [tokens], hold('a'))
    await allowances.settle('o', 'a', [{ name: 'tokens', start: levels[0]!.start, amount: 0.25 }])
    expect((await allowances.take('o', [{ ...tokens, amount: 0 }], hold('b'))).levels.map(leftOf)).toEqual([0.75])
  })
})

test('what was spent is booked when they are back', async () => {
  const { allowances, shared, be } = shaky()
  const { levels } = await allowances.take('o', [money], hold('a'))
  be('refusing')
  const settled = allowances.settle('o', 'a', [{ name: 'money', start: levels[0]!.start, amount: 0.25 }])
  be('well')
  await settled
  expect((await shared.take('o', [{ ...money, amount: 0 }], hold('b'))).levels[0]).toMatchObject({
    used: 0.25,
    held: 0,
  })
})

test('what can never be booked is told to the log', async () => {
  const { allowances, be, log } = shaky()
  await allowances.take('o', [money], hold('a'))
  be('refusing')
  await allowances.settle('o', 'a', [])
  expect(log).toEqual(['Redis could not be told what was spent: the connection is closed.'])
})

describe.skipIf(!hasRedis)('with redis-server', () => {
  let server: RedisServer
  beforeAll(async () => {
    server = await startRedis()
  }, 30_000)
  afterAll(() => server?.close())

  test('one that hangs holds no request up, and goes on counting when it wakes', async () => {
    const log: string[] = []
    const redis = await connectRedis(server.url, () => {})
    const allowances = steady(redisAllowances(redis), {
      title: 'Redis',
      timeoutMs: 1000,
      log: (line) => log.push(line),
    })
    await allowances.take('o', [requests], hold('a'))
    server.sleep()
    const alone = await allowances.take('o', [requests], hold('b'))
    expect(alone.levels[0]!.used).toBe(1)
    await expect(allowances.take('o', [money], hold('c'))).rejects.toMatchObject({ status: 503 })
    server.wake()
    await redis.ping()
    await allowances.take('o', [{ ...requests, amount: 0 }], hold('d'))
    expect(log).toEqual([expect.stringMatching(/1000 ms/), 'Redis counts again.'])
    redis.destroy()
  })

  test('one that is not there yet is connected to when it comes', async () => {
    const port = Number(new URL(server.url).port)
    await server.close()
    const log: string[] = []
    const redis = await connectRedis(server.url, (line) => log.push(line), 10)
    await expect(redisAllowances(redis).take('o', [requests], hold('a'))).rejects.toThrow()
    server = await startRedis(port)
    await expect.poll(() => redis.isReady, { timeout: 15_000 }).toBe(true)
    expect((await redisAllowances(redis).take('o', [requests], hold('b'))).granted).toBe(true)
    expect(log).toEqual([
      expect.stringMatching(/^Redis cannot be reached: .*ECONNREFUSED/),
      'Redis can be reached again.',
    ])
    redis.destroy()
  })
})
