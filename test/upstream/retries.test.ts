import { once } from 'node:events'
import { type AddressInfo, connect, createServer } from 'node:net'
import { expect, test, vi } from 'vitest'
import { execute, UpstreamFailed } from '#core'
import { retried } from '../../src/upstream/retry.ts'
import { gate, type Reply, startUpstream } from '../helpers/upstream.ts'
import { caller, chunk, draw, drawOne, leafOf, modelAt, question, sse, transports } from './leaf.ts'

const failing = (status: number, headers: Record<string, string> = {}): Reply => ({
  status,
  headers,
  error: { message: `status ${status}` },
})

for (const { name, to } of transports) {
  const modelOver = (url: string, retries = 2) => leafOf(to(url), { retries }).model('m', caller())

  test.each([408, 429, 500, 502, 503, 504])(`over ${name}, status %i is tried again`, async (status) => {
    await using upstream = await startUpstream((_, index) => (index < 2 ? failing(status) : { text: 'ok' }))
    expect(await drawOne(modelOver(upstream.url))).toMatchObject({ text: 'ok' })
    expect(upstream.asked).toHaveLength(3)
  })

  test.each([400, 401, 403, 404, 413, 422, 501])(`over ${name}, status %i is final`, async (status) => {
    await using upstream = await startUpstream(() => failing(status))
    await expect(drawOne(modelOver(upstream.url))).rejects.toMatchObject({ status, message: `status ${status}` })
    expect(upstream.asked).toHaveLength(1)
  })

  test(`over ${name}, a connection that is dropped without a reply is tried again`, async () => {
    await using upstream = await startUpstream()
    let dropped = 0
    const dropping = createServer((socket) => {
      socket.on('error', () => {})
      if (dropped++ === 0) socket.once('data', () => socket.resetAndDestroy())
      else socket.pipe(connect(Number(new URL(upstream.url).port), '127.0.0.1')).pipe(socket)
    }).listen(0, '127.0.0.1')
    await once(dropping, 'listening')
    const { port } = dropping.address() as AddressInfo
    const url = `http://127.0.0.1:${port}/v1`
    expect(await drawOne(modelOver(url))).toMatchObject({ text: 'ok' })
    expect(dropped).toBe(2)
    dropping.close()
  })

  test(`over ${name}, an error that breaks off is still known by its status`, async () => {
    await using upstream = await startUpstream((_, index) =>
      index === 0 ? { raw: { status: 503, chunks: ['{"error":{'], cut: true } } : { text: 'ok' },
    )
    expect(await drawOne(modelOver(upstream.url))).toMatchObject({ text: 'ok' })
    expect(upstream.asked).toHaveLength(2)
  })

  test(`over ${name}, a server that is not there is a 502 that does not say where it should be`, async () => {
    const upstream = await startUpstream()
    const { url } = upstream
    await upstream.close()
    const failed = await drawOne(modelOver(url)).catch((error: unknown) => error)
    expect(failed).toMatchObject({ code: 'upstream_unreachable', status: 502 })
    expect((failed as Error).message).not.toContain('127.0.0.1')
  })
}

test('no more than the given number of retries is made, and the last error is told', async () => {
  await using upstream = await startUpstream((_, index) => failing([500, 502, 503, 429][index]!))
  await expect(drawOne(modelAt(upstream.url, { retries: 2 }))).rejects.toMatchObject({ status: 503 })
  expect(upstream.asked).toHaveLength(3)
})

test('every attempt is counted as a request, and the sample as one call', async () => {
  await using upstream = await startUpstream((_, index) => (index < 2 ? failing(500) : { text: 'ok' }))
  const { ledger } = await draw(modelAt(upstream.url, { retries: 2 }), question)
  expect(ledger).toMatchObject({ calls: 1, requests: 3 })
})

const half = { raw: { chunks: sse(chunk({ content: 'half' })), cut: true } }

test('nothing is tried again once the client has heard of it', async () => {
  await using upstream = await startUpstream(() => half)
  const { result } = execute(modelAt(upstream.url, { retries: 2 }), question)
  await expect(result).rejects.toMatchObject({ code: 'upstream_cut' })
  expect(upstream.asked).toHaveLength(1)
})

test('nothing is tried again once a strategy has heard of it that acts on what it hears', async () => {
  await using upstream = await startUpstream(() => half)
  const model = modelAt(upstream.url, { retries: 2 })
  const { result } = execute((prompt, scope) => model(prompt, scope.aside({ heard: () => {} })), question)
  await expect(result).rejects.toMatchObject({ code: 'upstream_cut' })
  expect(upstream.asked).toHaveLength(1)
})

test('a sample that breaks off in its midst, heard by nobody, is drawn anew as often as others are tried again', async () => {
  await using upstream = await startUpstream((_, index) => (index < 2 ? half : { text: 'whole' }))
  const model = modelAt(upstream.url, { retries: 2 })
  expect(await drawOne(model)).toMatchObject({ text: 'whole' })
  upstream.reply(() => half)
  await expect(drawOne(model)).rejects.toMatchObject({ code: 'upstream_cut' })
  expect(upstream.asked).toHaveLength(6)
})

test('a sample that fails and then breaks off is not asked for more often in all', async () => {
  const cutOff = { raw: { chunks: sse(chunk({ content: 'half' })) } }
  await using upstream = await startUpstream((_, index) => (index < 2 ? failing(500) : [half, cutOff][index % 2]!))
  for (const times of [3, 6]) {
    const model = modelAt(upstream.url, { retries: 2 })
    await expect(drawOne(model)).rejects.toMatchObject({ code: 'upstream_cut' })
    expect(upstream.asked).toHaveLength(times)
  }
})

const whole = sse(chunk({ content: 'ok' }, 'stop'), '[DONE]')
const role = sse(chunk({ role: 'assistant', content: '' }))

for (const { name, to } of transports) {
  test.each([
    { what: 'breaks off before its first token', raw: { chunks: role, cut: true } },
    { what: 'ends before its first token', raw: { chunks: role } },
    { what: 'is empty', raw: { chunks: [] } },
    {
      what: 'says in it that it is overloaded',
      raw: { chunks: sse({ error: { message: 'Overloaded.', code: 503 } }) },
    },
  ])(`over ${name}, a reply that $what is asked for again`, async ({ raw }) => {
    await using upstream = await startUpstream((_, index) => ({ raw: index === 0 ? raw : { chunks: whole } }))
    expect(await drawOne(leafOf(to(upstream.url), { retries: 1 }).model('m', caller()))).toMatchObject({ text: 'ok' })
    expect(upstream.asked).toHaveLength(2)
  })

  test.each([
    { what: 'is a page', raw: { chunks: ['<html>'] }, code: 'upstream_garbled' },
    { what: 'cannot be read', raw: { chunks: sse('{"choices":[{') }, code: 'upstream_garbled' },
    { what: 'has nothing to say', raw: { chunks: sse('[DONE]') }, code: 'upstream_silent' },
    { what: 'refuses in it', raw: { chunks: sse({ error: { message: 'No.', code: 400 } }) }, code: '400' },
  ])(`over ${name}, a reply that $what is final`, async ({ raw, code }) => {
    await using upstream = await startUpstream(() => ({ raw }))
    const drawn = drawOne(leafOf(to(upstream.url), { retries: 2 }).model('m', caller()))
    await expect(drawn).rejects.toMatchObject({ code })
    expect(upstream.asked).toHaveLength(1)
  })
}

test('several samples that break off before their first token are asked for again together', async () => {
  await using upstream = await startUpstream((_, index) =>
    index === 0 ? { raw: { chunks: [], cut: true } } : { choices: [{ text: 'a' }, { text: 'b' }, { text: 'c' }] },
  )
  const { completions } = await draw(modelAt(upstream.url, { retries: 1 }), question, { n: 3 })
  expect(completions).toHaveLength(3)
  expect(upstream.asked.map(({ json }) => json?.n)).toEqual([3, 3])
})

test('a retry-after beyond a minute is not waited for but told', async () => {
  await using upstream = await startUpstream(() => failing(429, { 'retry-after': '61' }))
  const failed = drawOne(modelAt(upstream.url, { retries: 2 }))
  await expect(failed).rejects.toMatchObject({ status: 429, retryAfter: '61' })
  expect(upstream.asked).toHaveLength(1)
})

const inTwoSeconds = () => new Date(Math.ceil(Date.now() / 1000) * 1000 + 1000).toUTCString()

test.each([
  { form: 'seconds', headers: () => ({ 'retry-after': '0.05' }), least: 50 },
  { form: 'milliseconds', headers: () => ({ 'retry-after-ms': '50', 'retry-after': '9' }), least: 50 },
  { form: 'a date', headers: () => ({ 'retry-after': inTwoSeconds() }), least: 900 },
])('a retry-after in $form is not undercut', async ({ headers, least }) => {
  const times: number[] = []
  await using upstream = await startUpstream((_, index) => {
    times.push(performance.now())
    return index === 0 ? failing(429, headers()) : { text: 'ok' }
  })
  expect(await drawOne(modelAt(upstream.url, { retries: 1 }))).toMatchObject({ text: 'ok' })
  // Timers may be a millisecond early.
  expect(times[1]! - times[0]!).toBeGreaterThan(least - 10)
  expect(times[1]! - times[0]!).toBeLessThan(5000)
})

test('a retry-after that is no time at all is no reason to wait or to fail', async () => {
  await using upstream = await startUpstream((_, index) =>
    index === 0 ? failing(503, { 'retry-after': 'soon' }) : { text: 'ok' },
  )
  expect(await drawOne(modelAt(upstream.url, { retries: 1 }))).toMatchObject({ text: 'ok' })
})

test('who leaves while a retry is waited for is let go at once', async () => {
  await using upstream = await startUpstream(() => failing(429, { 'retry-after': '59' }))
  const leaving = new AbortController()
  const drawn = drawOne(modelAt(upstream.url, { retries: 2 }), question, { signals: [leaving.signal] })
  drawn.catch(() => {})
  await upstream.until(({ asked, inFlight }) => asked.length === 1 && inFlight === 0)
  leaving.abort(new Error('not needed'))
  await expect(drawn).rejects.toThrow('not needed')
  expect(upstream.asked).toHaveLength(1)
})

test('nothing is left waiting of a retry that is no longer wanted', async () => {
  const leaving = new AbortController()
  const refused = new UpstreamFailed('busy', 'Later.', 429, { retryAfter: '59' })
  const attempt = vi.fn(async () => {
    // When the wait has begun.
    setImmediate(() => leaving.abort(new Error('not needed')))
    throw refused
  })
  await expect(retried(attempt, leaving.signal, { retries: 2, backoffMs: 0 })).rejects.toThrow('not needed')
  expect(attempt).toHaveBeenCalledOnce()
})

for (const { name, to } of transports)
  test(`over ${name}, an upstream that does not begin in time is a 504, and is not asked again`, async () => {
    await using upstream = await startUpstream(() => ({ text: 'late', hold: gate() }))
    const model = leafOf(to(upstream.url, 50), { retries: 2 }).model('m', caller())
    await expect(drawOne(model)).rejects.toMatchObject({ code: 'upstream_timeout', status: 504 })
    await upstream.until(({ inFlight, left }) => inFlight === 0 && left === 1)
    expect(upstream.asked).toHaveLength(1)
  })

for (const { name, to } of transports)
  test(`over ${name}, a stream that has begun in time may take longer`, async () => {
    const rest = gate()
    await using upstream = await startUpstream(() => ({ text: 'slow', holdAfter: { chunks: 1, gate: rest } }))
    const drawn = drawOne(leafOf(to(upstream.url, 200)).model('m', caller()))
    await upstream.until(({ inFlight }) => inFlight === 1)
    // Twice the limit, by the clock of another call that runs into it.
    await using silent = await startUpstream(() => ({ text: 'late', hold: gate() }))
    await expect(drawOne(leafOf(to(silent.url, 400)).model('m', caller()))).rejects.toThrow('0.4 s')
    rest.open()
    expect(await drawn).toMatchObject({ text: 'slow' })
  })
