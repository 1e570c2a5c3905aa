import { describe, expect, test } from 'vitest'
import type { Holder } from '../../src/http/gate.ts'
import { digestOf, hashLine, same } from '../../src/keys/digest.ts'
import type { Key } from '../../src/keys/key.ts'
import { keyring } from '../../src/keys/keyring.ts'
import { sha256 } from '../../src/node/sha256.ts'
import { memoryAllowances } from '../../src/state/memory.ts'
import { digest as webDigest } from '../../src/upstream/store/digest.ts'

const noon = Date.UTC(2026, 4, 1, 12)

/** The holder of a key that is limited so, at a time of ours. */
async function holding(limits: Partial<Key> = {}) {
  let time = noon
  const now = () => time
  const prices = { 'm*': { input: 1, output: 2 }, free: { input: 0, output: 0 } }
  const options = { allowances: memoryAllowances(now), prices, expected: 1000, digest: sha256, now }
  const identify = keyring([{ name: 'k', key: 'secret', ...limits }], options)
  return {
    identify,
    holder: (await identify('secret')) as Holder,
    later: (ms: number) => {
      time += ms
    },
  }
}

const expected = { model: 'm', calls: 1, input: 0, output: 100 }
const used = (tokens: number, cost = 0) => ({ input: 0, output: tokens, cost })

describe('a key', () => {
  test.each([
    ['as it is', webDigest],
    ['by its hash', webDigest],
    ['by its hash, in Node', sha256],
  ])('is known %s', async (_, digest) => {
    const hash = hashLine(await digest('secret'))
    expect(hash).toBe('sha256:2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b')
    const options = { allowances: memoryAllowances(), prices: {}, expected: 1, digest }
    const identify = keyring(
      [
        { name: 'a', key: hash },
        { name: 'b', key: 'other' },
      ],
      options,
    )
    expect((await identify('secret'))?.name).toBe('a')
    expect((await identify('other'))?.name).toBe('b')
    for (const wrong of ['Secret', 'secret ', '', hash]) expect(await identify(wrong)).toBeUndefined()
  })

  test('is refused once it has expired, and the error says since when', async () => {
    const { identify, later } = await holding({ expires: new Date(noon + 1000) })
    expect(await identify('secret')).toBeDefined()
    later(1000)
    const refusal = { status: 401, message: 'This API key expired at 2026-05-01T12:00:01.000Z.' }
    await expect(identify('secret')).rejects.toMatchObject(refusal)
  })

  test('is compared with digests of any length, in all their bytes', async () => {
    const digest = await digestOf('secret', sha256)
    expect(same(digest, digest.slice())).toBe(true)
    const other = (at: number) => digest.slice(0, at) + (digest[at] === '0' ? '1' : '0') + digest.slice(at + 1)
    for (const at of [0, 63]) expect(same(digest, other(at))).toBe(false)
    expect(same(digest, digest.slice(0, 63))).toBe(false)
  })
})

describe('what a key may use', () => {
  const wanted = (model: string, ...strategies: string[]) => ({ models: [{ model }], strategies })

  test('are the models and strategies that its patterns mean, and a refusal says which', async () => {
    const { holder } = await holding({ models: ['r1', 'gpt-*-mini', 'smart'], strategies: ['self-*'] })
    for (const model of ['r1', 'gpt-4o-mini', 'gpt--mini']) expect(holder.may(wanted(model))).toBe(true)
    for (const model of ['r', 'r1x', 'gpt-mini', 'gpt-4o-mini-x', '*']) expect(holder.may(wanted(model))).toBe(false)
    expect(holder.may(wanted('r1', 'self-consistency', 'self-refine'))).toBe(true)
    expect(() => holder.check(wanted('o3'))).toThrow(
      expect.objectContaining({
        status: 403,
        code: 'model_not_allowed',
        message: 'This API key may not use the model "o3". It may use r1, gpt-*-mini, smart.',
      }),
    )
    expect(() => holder.check(wanted('r1', 'best-of-n'))).toThrow(
      expect.objectContaining({
        status: 403,
        code: 'strategy_not_allowed',
        message: expect.stringContaining('self-*'),
      }),
    )
  })

  test('is whatever an alias stands for that it may use, and not that of one it may not', async () => {
    const { holder } = await holding({ models: ['smart', 'r1'], strategies: [] })
    const alias = (alias: string, model: string) => ({ models: [{ alias, model, within: ['mcts'] }], strategies: [] })
    expect(holder.may(alias('smart', 'hidden'))).toBe(true)
    expect(holder.may(alias('other', 'hidden'))).toBe(false)
    expect(holder.may(alias('other', 'r1'))).toBe(false)
    expect(holder.may({ ...alias('smart', 'hidden'), strategies: ['mcts'] })).toBe(false)
  })

  test('are all models that a request names', async () => {
    const { holder } = await holding({ models: ['r1'] })
    expect(holder.may({ models: [{ model: 'r1' }, { model: 'o3' }], strategies: [] })).toBe(false)
  })

  test('is nothing without a price where it has a budget', async () => {
    const { holder } = await holding({ spendPerDay: 1 })
    expect(() => holder.check(wanted('other'))).toThrow(expect.objectContaining({ code: 'model_without_price' }))
    for (const model of ['m', 'm-large', 'free']) expect(() => holder.check(wanted(model))).not.toThrow()
  })
})

describe('limits', () => {
  test('of requests: the next one is a 429 until enough of the minute is over', async () => {
    const { holder, later } = await holding({ requestsPerMinute: 2 })
    later(45_000)
    // Less than half of it counts when half of the next minute on the clock is over.
    expect((await holder.admit(undefined)).headers).toEqual({
      'x-ratelimit-limit-requests': '2',
      'x-ratelimit-remaining-requests': '1',
      'x-ratelimit-reset-requests': '45.1s',
    })
    await holder.admit(undefined)
    await expect(holder.admit(undefined)).rejects.toMatchObject({
      status: 429,
      code: 'rate_limit_exceeded',
      type: 'requests',
      retryAfter: '30.001',
      headers: { 'x-ratelimit-remaining-requests': '0' },
      message: 'This API key is limited to 2 requests a minute, and 2 are used. Try again in 30.1s.',
    })
    later(30_000)
    await expect(holder.admit(undefined)).rejects.toMatchObject({ retryAfter: '0.001' })
    later(1)
    await holder.admit(undefined)
  })

  test('of tokens: what is held comes back, what was used counts', async () => {
    const { holder } = await holding({ tokensPerMinute: 1000 })
    const first = await holder.admit({ ...expected, calls: 8 })
    expect(first).toMatchObject({ counts: true, limits: { tokens: 1000 } })
    expect(first.headers['x-ratelimit-remaining-tokens']).toBe('200')
    const second = await holder.admit({ ...expected, calls: 8 })
    expect(second.limits).toEqual({ tokens: 200 })
    await expect(holder.admit(expected)).rejects.toMatchObject({ status: 429, type: 'tokens', retryAfter: '1' })
    await first.settle(used(50))
    await second.settle(used(950))
    await expect(holder.admit(expected)).rejects.toMatchObject({ status: 429, type: 'tokens', retryAfter: '60.031' })
  })

  test('of spending: what is spent is spent until midnight UTC', async () => {
    const { holder, later } = await holding({ spendPerDay: 0.5 })
    const admission = await holder.admit({ ...expected, calls: 2, input: 1000, output: undefined })
    expect(admission.limits).toEqual({ cost: 0.5 })
    await admission.settle(used(1, 0.5))
    await expect(holder.admit(expected)).rejects.toMatchObject({
      status: 429,
      code: 'insufficient_quota',
      retryAfter: String(12 * 3600),
      headers: { 'x-should-retry': 'false' },
      message: 'This API key has spent its budget of 0.5 for today. The next day begins in 12h0m0s, at midnight UTC.',
    })
    later(12 * 3600 * 1000)
    await holder.admit(expected)
  })

  test('a hundred at once spend no more than there is, if they are as long as they may be', async () => {
    const { holder } = await holding({ spendPerDay: 0.001 })
    const each = { ...expected, output: 100 }
    const cost = 0.0002
    const asked = await Promise.allSettled(Array.from({ length: 100 }, () => holder.admit(each)))
    const admitted = asked.filter((one) => one.status === 'fulfilled').map(({ value }) => value)
    expect(admitted).toHaveLength(5)
    for (const { reason } of asked.filter((one) => one.status === 'rejected'))
      expect(reason).toMatchObject({ status: 429, code: 'rate_limit_exceeded', retryAfter: '1' })
    await Promise.all(admitted.map((one) => one.settle(used(100, cost))))
    await expect(holder.admit(each)).rejects.toMatchObject({ code: 'insufficient_quota' })
  })

  test('are told what a request came to once', async () => {
    const { holder } = await holding({ tokensPerMinute: 1000 })
    const admission = await holder.admit(expected)
    await Promise.all([admission.settle(used(10)), admission.settle(used(500))])
    expect((await holder.told()) as object).toMatchObject({ limits: [{ used: 10, held: 0, remaining: 990 }] })
  })

  test('are told to their holder, with what is left', async () => {
    const { holder } = await holding({ requestsPerMinute: 5, spendPerDay: 2, models: ['m'], n: 4 })
    await holder.admit(expected)
    expect(await holder.told()).toEqual({
      name: 'k',
      expires: null,
      models: ['m'],
      strategies: undefined,
      n: 4,
      limits: [
        {
          name: 'requests',
          per: 'minute',
          limit: 5,
          used: 1,
          held: 0,
          remaining: 4,
          resets_at: '2026-05-01T12:01:30.001Z',
        },
        {
          name: 'spend',
          per: 'day',
          limit: 2,
          used: 0,
          held: 0.0002,
          remaining: 1.9998,
          resets_at: '2026-05-02T00:00:00.000Z',
        },
      ],
    })
  })
})
