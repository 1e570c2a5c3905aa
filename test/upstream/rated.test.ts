import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { rated } from '../../src/upstream/rated.ts'
import type { Transport } from '../../src/upstream/transport.ts'
import { startUpstream } from '../helpers/upstream.ts'
import { draw, leafOf, overNode, words } from './leaf.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

/** A transport that counts what comes through. */
function counting(perMinute: number, waiting: number) {
  let sent = 0
  const bare: Transport = {
    send: async () => {
      sent++
      return { status: 200, headers: new Headers(), body: (async function* () {})() }
    },
    relay: async () => undefined,
  }
  const transport = rated(bare, { perMinute, waiting })
  const send = (signal = new AbortController().signal) =>
    transport.send({ method: 'GET', path: '/models', headers: new Headers(), signal })
  return { send, sent: () => sent }
}

test('so many go a minute, so many wait, and the next one is told when to come again', async () => {
  const { send, sent } = counting(3, 2)
  const first = Array.from({ length: 5 }, () => send())
  await expect(send()).rejects.toMatchObject({ status: 429, code: 'upstream_rate_limited', retryAfter: '40' })
  await vi.advanceTimersByTimeAsync(1)
  expect(sent()).toBe(3)
  await vi.advanceTimersByTimeAsync(60_000)
  await Promise.all(first)
  expect(sent()).toBe(5)
  await expect(Promise.all([send(), vi.advanceTimersByTimeAsync(1)])).resolves.toBeDefined()
})

test('who leaves while it waits goes at once, makes room for another, and is not sent', async () => {
  const { send, sent } = counting(1, 1)
  await Promise.all([send(), vi.advanceTimersByTimeAsync(1)])
  const leaving = new AbortController()
  const waiting = send(leaving.signal)
  await expect(send()).rejects.toMatchObject({ status: 429 })
  leaving.abort(new Error('gone'))
  await expect(waiting).rejects.toThrow('gone')
  const next = send()
  await vi.advanceTimersByTimeAsync(180_000)
  await next
  expect(sent()).toBe(2)
})

test('a sample that is refused for the rate is not tried again', async () => {
  vi.useRealTimers()
  await using upstream = await startUpstream(() => ({ text: 'ok' }))
  const leaf = leafOf(rated(overNode(upstream.url), { perMinute: 2, waiting: 1 }), { retries: 2 })
  const leaving = new AbortController()
  const drawn = draw(leaf.model('m', { headers: new Headers(), key: null }), words(4), { signal: leaving.signal })
  await upstream.until(({ asked }) => asked.length === 2)
  leaving.abort(new Error('gone'))
  const { errors } = await drawn
  expect(errors).toContainEqual(expect.objectContaining({ code: 'upstream_rate_limited' }))
  expect(upstream.asked).toHaveLength(2)
})
