import { expect, test } from 'vitest'
import { fetchTransport } from '../../src/upstream/fetch-transport.ts'
import { spreading } from '../../src/upstream/spread.ts'
import type { Via } from '../../src/upstream/transport.ts'
import { gate, startUpstream, type Upstream } from '../helpers/upstream.ts'
import { caller, draw, drawOne, leafOf, modelAt, overFetch, overNode, question, words } from './leaf.ts'

/** A round trip of its own, in which whatever else is on its way arrives too. */
const roundTrip = (upstream: Upstream) => overNode(upstream.url).send({ ...ping, headers: new Headers() })
const ping = { method: 'GET', path: '/models', signal: new AbortController().signal }
const chatsOf = ({ asked }: Upstream) => asked.filter(({ method }) => method === 'POST').length

test('no more completions are under way than permits', async () => {
  const gates = Array.from({ length: 7 }, gate)
  await using upstream = await startUpstream((_, index) => ({ text: 'ok', hold: gates[index] }))
  const drawn = draw(modelAt(upstream.url, { concurrency: 3 }), words(7))
  for (const [index, { open }] of gates.entries()) {
    const most = Math.min(7, index + 3)
    await upstream.until((upstream) => chatsOf(upstream) === most)
    await roundTrip(upstream)
    expect(chatsOf(upstream)).toBe(most)
    open()
  }
  expect((await drawn).completions).toHaveLength(7)
})

test('permits are shared by all requests and models', async () => {
  const first = gate()
  await using upstream = await startUpstream((_, index) => ({ text: 'ok', ...(index === 0 ? { hold: first } : {}) }))
  const leaf = leafOf(overNode(upstream.url), { concurrency: 1 })
  const drawn = ['a', 'b', 'c'].map((name) => drawOne(leaf.model(name, caller())))
  await upstream.until(({ inFlight }) => inFlight === 1)
  first.open()
  await Promise.all(drawn)
  expect(upstream.asked).toHaveLength(3)
  expect(upstream.peak).toBe(1)
})

test('who is cancelled in the queue leaves at once and is never asked for', async () => {
  const first = gate()
  await using upstream = await startUpstream(() => ({ text: 'ok', hold: first }))
  const model = modelAt(upstream.url, { concurrency: 1 })
  const running = drawOne(model)
  await upstream.until(({ inFlight }) => inFlight === 1)
  const leaving = new AbortController()
  const queueing = draw(model, words(5), { signal: leaving.signal })
  leaving.abort(new Error('gone'))
  expect((await queueing).errors).toHaveLength(5)
  first.open()
  await running
  await drawOne(model)
  expect(upstream.asked).toHaveLength(2)
})

test('a cancelled sample gives its permit back', async () => {
  const never = gate()
  await using upstream = await startUpstream((_, index) => ({ text: 'ok', ...(index < 2 ? { hold: never } : {}) }))
  const model = modelAt(upstream.url, { concurrency: 4 })
  for (const times of [1, 2]) {
    const leaving = new AbortController()
    const cancelled = draw(model, question, { n: 4, signal: leaving.signal })
    await upstream.until(({ asked }) => asked.length === times)
    leaving.abort(new Error('gone'))
    expect((await cancelled).errors).toHaveLength(4)
  }
  expect(await drawOne(model)).toMatchObject({ text: 'ok' })
})

test('a sample that is cancelled before it is asked for gives its permit back', async () => {
  await using upstream = await startUpstream()
  const model = modelAt(upstream.url, { concurrency: 1 })
  const leaving = new AbortController()
  const cancelled = draw(model, question, { signal: leaving.signal })
  // It has its permit and waits for the end of the tick.
  await Promise.resolve()
  leaving.abort(new Error('gone'))
  await cancelled
  expect(await drawOne(model)).toMatchObject({ text: 'ok' })
})

test('in isolation no more than six calls of a request wait for their headers at once', async () => {
  const gates = Array.from({ length: 9 }, gate)
  const rest = gate()
  await using upstream = await startUpstream((_, index) => ({
    text: 'ok',
    hold: gates[index],
    holdAfter: { chunks: 1, gate: rest },
  }))
  const leaf = leafOf(overFetch(upstream.url), { isolated: spreading({ waiting: 6 }) })
  const drawn = draw(leaf.model('m', caller()), words(9))
  // One that has its headers makes room, though its answer is still to come.
  for (const [index, { open }] of gates.entries()) {
    const most = Math.min(9, index + 6)
    await upstream.until((upstream) => chatsOf(upstream) === most)
    await roundTrip(upstream)
    expect(chatsOf(upstream)).toBe(most)
    open()
  }
  await upstream.until(({ inFlight }) => inFlight === 9)
  rest.open()
  expect((await drawn).completions).toHaveLength(9)
})

test('in isolation requests do not wait for each other', async () => {
  const first = gate()
  await using upstream = await startUpstream((_, index) => ({ text: 'ok', ...(index === 0 ? { hold: first } : {}) }))
  const leaf = leafOf(overFetch(upstream.url), { concurrency: 1, isolated: spreading({ waiting: 1 }) })
  const slow = drawOne(leaf.model('m', caller()))
  await upstream.until(({ inFlight }) => inFlight === 1)
  expect(await drawOne(leaf.model('m', caller()))).toMatchObject({ text: 'ok' })
  first.open()
  await slow
})

test('in isolation the upstreams of one request share what may wait', async () => {
  const gates = Array.from({ length: 2 }, gate)
  await using upstream = await startUpstream((_, index) => ({ text: 'ok', hold: gates[index] }))
  const isolated = spreading({ waiting: 1 })
  const leaves = [1, 2].map(() => leafOf(overFetch(upstream.url), { isolated }))
  const asking = caller()
  const drawn = leaves.map((leaf) => drawOne(leaf.model('m', { ...caller(), request: asking })))
  await upstream.until(({ inFlight }) => inFlight === 1)
  await roundTrip(upstream)
  expect(chatsOf(upstream)).toBe(1)
  for (const { open } of gates) open()
  await Promise.all(drawn)
  expect(chatsOf(upstream)).toBe(2)
})

test('in isolation the time to the first byte begins with the turn, not with the queue', async () => {
  await using upstream = await startUpstream(() => ({ text: 'late', hold: gate() }))
  const leaf = leafOf(overFetch(upstream.url, 100), { isolated: spreading({ waiting: 1 }) })
  const { errors } = await draw(leaf.model('m', caller()), words(3))
  expect(errors).toMatchObject(words(3).map(() => ({ code: 'upstream_timeout' })))
  // Each of them had its own time with the upstream.
  expect(upstream.asked).toHaveLength(3)
})

test('one who is cancelled while waiting for a turn is never asked for', async () => {
  const first = gate()
  await using upstream = await startUpstream(() => ({ text: 'ok', hold: first }))
  const leaf = leafOf(overFetch(upstream.url), { isolated: spreading({ waiting: 1 }) })
  const leaving = new AbortController()
  const still = new AbortController()
  const drawn = draw(leaf.model('m', caller()), words(2), { signals: [still.signal, leaving.signal] })
  await upstream.until(({ inFlight }) => inFlight === 1)
  leaving.abort(new Error('gone'))
  first.open()
  expect((await drawn).outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected'])
  expect(upstream.asked).toHaveLength(1)
})

/** A leaf that may open so many further invocations, each with two calls that wait for their headers. */
function spreadOver(upstream: Upstream, most: number, open: (opened: number) => Promise<Via>) {
  let opened = 0
  const transport = fetchTransport((url, init, via = fetch) => via(url, init), {
    baseUrl: upstream.url,
    timeoutMs: 10_000,
  })
  const further = { most, open: () => open(opened++) }
  return leafOf(transport, { isolated: spreading({ waiting: 2, further }) }).model('m', caller())
}

test('calls beyond those that may wait here go out from further invocations, and what is left takes the next place', async () => {
  const gates = Array.from({ length: 8 }, gate)
  await using upstream = await startUpstream((_, index) => ({ text: 'ok', hold: gates[index] }))
  const from: number[] = []
  const drawn = draw(
    spreadOver(upstream, 2, async (opened) => (url, init) => {
      from.push(opened)
      return fetch(url, init)
    }),
    words(8),
  )
  await upstream.until((upstream) => chatsOf(upstream) === 6)
  await roundTrip(upstream)
  expect(chatsOf(upstream)).toBe(6)
  expect(from).toEqual([0, 0, 1, 1])
  for (const { open } of gates) open()
  expect((await drawn).completions).toHaveLength(8)
  expect(new Set(from)).toEqual(new Set([0, 1]))
})

test('where no further invocation can be opened, calls wait for their turn here', async () => {
  const gates = Array.from({ length: 5 }, gate)
  await using upstream = await startUpstream((_, index) => ({ text: 'ok', hold: gates[index] }))
  const drawn = draw(
    spreadOver(upstream, 3, () => Promise.reject(new Error('Too many invocations.'))),
    words(5),
  )
  for (const [index, { open }] of gates.entries()) {
    const most = Math.min(5, index + 2)
    await upstream.until((upstream) => chatsOf(upstream) === most)
    await roundTrip(upstream)
    expect(chatsOf(upstream)).toBe(most)
    open()
  }
  expect((await drawn).completions).toHaveLength(5)
})
