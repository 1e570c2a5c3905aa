import { expect, test, vi } from 'vitest'
import { Network } from '../../../src/upstream/tiny/network.ts'
import { ask, contents, heard, post } from './serve.ts'

const fields = { seed: 31, max_tokens: 30, n: 5 }

test('a stream says what a reply in one piece says, token by token, and counts it at the end', async () => {
  const { choices, usage } = await ask(fields)
  const response = await post({ ...fields, stream: true, stream_options: { include_usage: true } })
  expect(response.headers.get('content-type')).toBe('text/event-stream')
  const events = await heard(response)
  for (const { index, message, finish_reason } of choices) {
    const own = events.flatMap((event) => event.choices).filter((choice) => choice.index === index)
    expect(own.map(({ delta }) => delta.content ?? '').join('')).toBe(message.content)
    expect(own[0]!.delta.role).toBe('assistant')
    expect(own.filter(({ delta }) => delta.role)).toHaveLength(1)
    expect(own.map((choice) => choice.finish_reason).filter(Boolean)).toEqual([finish_reason])
    expect(own.at(-1)!.finish_reason).toBe(finish_reason)
  }
  expect(events.at(-1)).toMatchObject({ choices: [], usage })
  for (const event of events.slice(0, -1)) expect(event.usage).toBeNull()
})

test('without stream_options no event speaks of usage', async () => {
  const events = await heard(await post({ ...fields, stream: true }))
  for (const event of events) expect(event).not.toHaveProperty('usage')
})

test('choices advance together', async () => {
  const events = await heard(await post({ ...fields, stream: true }))
  const order = events.flatMap((event) => event.choices.map(({ index }) => index))
  expect(order.slice(0, 10)).toEqual([0, 1, 2, 3, 4, 0, 1, 2, 3, 4])
})

/** Counts the steps of the network that `work` takes. */
async function steps(work: () => Promise<unknown>): Promise<number> {
  const spy = vi.spyOn(Network.prototype, 'step')
  try {
    await work()
    return spy.mock.calls.length
  } finally {
    spy.mockRestore()
  }
}

const long = { seed: 32, max_tokens: 150, n: 8 }

test('a client that leaves a stream stops the work, and the next is served as ever', async () => {
  const before = await contents(fields)
  const whole = await steps(() => ask(long))
  const left = await steps(async () => {
    const reader = (await post({ ...long, stream: true })).body!.getReader()
    await reader.read()
    await reader.read()
    await reader.cancel()
    expect(await contents(fields)).toEqual(before)
  })
  expect(left).toBeLessThan(whole / 2)
})

test('a signal stops a reply in one piece, with its reason', async () => {
  const whole = await steps(() => ask(long))
  const leaving = new AbortController()
  const reason = new Error('left')
  const left = await steps(async () => {
    const reply = post(long, leaving.signal)
    // The event loop has its turn while the work goes on, or this would never come before its end.
    setImmediate(() => leaving.abort(reason))
    await expect(reply).rejects.toBe(reason)
  })
  expect(left).toBeLessThan(whole)
})

test('two requests at once do not mix', async () => {
  const other = { ...fields, seed: 33, messages: [{ role: 'user', content: 'the apples' }] }
  const alone = [await contents(fields), await contents(other)]
  expect(await Promise.all([contents(fields), contents(other)])).toEqual(alone)
})

test('clients that stop reading keep nobody waiting', async () => {
  const begun = await Promise.all([1, 2, 3].map(() => post({ ...long, n: 32, stream: true })))
  const readers = begun.map(({ body }) => body!.getReader())
  for (const reader of readers) await reader.read()
  expect(await contents(fields)).toHaveLength(5)
  for (const reader of readers) await reader.cancel()
})
