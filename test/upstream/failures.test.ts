import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { gate, type Raw, startUpstream } from '../helpers/upstream.ts'
import { caller, chunk, draw, drawOne, leafOf, modelAt, question, sse, transports } from './leaf.ts'

const half = chunk({ content: 'half' })
const json = { 'content-type': 'application/json' }
const page = '<html><body><h1>502 Bad Gateway</h1>nginx at 10.0.0.7</body></html>'

const broken: { what: string; raw: Raw; code: string; status?: number; message?: string }[] = [
  { what: 'a connection lost in the answer', raw: { chunks: sse(half), cut: true }, code: 'upstream_cut' },
  { what: 'a connection lost before it', raw: { chunks: [': hello\n\n'], cut: true }, code: 'upstream_cut' },
  { what: 'a stream that ends without a word', raw: { chunks: sse(half) }, code: 'upstream_cut' },
  { what: 'a stream that ends within an event', raw: { chunks: [...sse(half), 'data: {"cho'] }, code: 'upstream_cut' },
  { what: 'an empty reply', raw: { chunks: [] }, code: 'upstream_cut' },
  { what: 'a stream of nothing', raw: { chunks: sse('[DONE]') }, code: 'upstream_silent' },
  { what: 'a response without choices', raw: { headers: json, chunks: ['{"choices":[]}'] }, code: 'upstream_silent' },
  { what: 'garbled JSON in a stream', raw: { chunks: sse(half, '{"choices":[{') }, code: 'upstream_garbled' },
  { what: 'a garbled response', raw: { headers: json, chunks: ['{"choices":[{'] }, code: 'upstream_garbled' },
  { what: 'JSON of another shape', raw: { chunks: sse('null') }, code: 'upstream_garbled' },
  { what: 'choices of another shape', raw: { chunks: sse({ choices: [null] }) }, code: 'upstream_garbled' },
  {
    what: 'a page with status 200',
    raw: { headers: { 'content-type': 'text/html' }, chunks: [page] },
    code: 'upstream_garbled',
  },
  {
    what: 'an error event in mid-stream',
    raw: { chunks: sse(half, { error: { message: 'out of memory', code: 'oom', type: 'server_error' } }) },
    code: 'oom',
    message: 'out of memory',
  },
  {
    what: 'an error event that says its status',
    raw: { chunks: sse({ error: { message: 'slow down', code: 429 } }) },
    code: '429',
    status: 429,
    message: 'slow down',
  },
  {
    what: 'an error event in Ollama’s form',
    raw: { chunks: sse({ error: 'no memory' }) },
    code: 'upstream_error',
    message: 'no memory',
  },
  {
    what: 'a choice that the upstream gave up',
    raw: { chunks: sse(half, chunk({}, 'error'), '[DONE]') },
    code: 'upstream_error',
  },
]

for (const { name, to } of transports)
  describe(`over ${name}`, () => {
    test.each(broken)('$what is a failure of the upstream', async ({ raw, code, status = 502, message }) => {
      await using upstream = await startUpstream(() => ({ raw }))
      const failed = await drawOne(leafOf(to(upstream.url)).model('m', caller())).catch((error: unknown) => error)
      expect(failed).toMatchObject({ name: 'UpstreamFailed', code, status, ...(message ? { message } : {}) })
      expect((failed as Error).message).not.toMatch(/127\.0\.0\.1|10\.0\.0\.7|<html/)
    })

    test('an error keeps its status, message, kind and retry-after', async () => {
      const error = { message: 'Slow down.', type: 'requests', code: 'rate_limit_exceeded', param: 'model' }
      await using upstream = await startUpstream(() => ({ status: 429, error, headers: { 'retry-after': '7' } }))
      const failed = drawOne(leafOf(to(upstream.url)).model('m', caller()))
      await expect(failed).rejects.toMatchObject({ ...error, status: 429, retryAfter: '7' })
    })

    test('an upstream that repeats the key it refuses is not quoted with it', async () => {
      await using upstream = await startUpstream(({ headers }) => ({
        status: 401,
        error: { message: `Wrong key: ${headers.authorization?.slice('Bearer '.length)}` },
      }))
      const failed = drawOne(leafOf(to(upstream.url)).model('m', caller({}, 'sk-secret')))
      await expect(failed).rejects.toMatchObject({ status: 401, message: 'Wrong key: …' })
    })

    test('an error page keeps its status and is not repeated', async () => {
      const raw = { status: 502, headers: { 'content-type': 'text/html' }, chunks: [page] }
      await using upstream = await startUpstream(() => ({ raw }))
      const failed = await drawOne(leafOf(to(upstream.url)).model('m', caller())).catch((error: Error) => error)
      expect(failed).toMatchObject({ status: 502, message: expect.not.stringMatching(/nginx|</) })
    })

    test('a redirect is not followed, nor told', async () => {
      await using elsewhere = await startUpstream()
      const raw = { status: 307, headers: { location: `${elsewhere.url}/chat/completions` }, chunks: [elsewhere.url] }
      await using upstream = await startUpstream(() => ({ raw }))
      const failed = await drawOne(leafOf(to(upstream.url)).model('m', caller())).catch((error: Error) => error)
      expect(failed).toMatchObject({ name: 'UpstreamFailed', status: 502 })
      expect((failed as Error).message).not.toContain('127.0.0.1')
      expect(elsewhere.asked).toHaveLength(0)
    })

    test('a reply that comes packed is read', async () => {
      const packed = gzipSync(sse(chunk({ content: 'ok' }, 'stop'), '[DONE]').join(''))
      const raw = { headers: { 'content-encoding': 'gzip' }, chunks: [packed.subarray(0, 20), packed.subarray(20)] }
      await using upstream = await startUpstream(() => ({ raw }))
      expect(await drawOne(leafOf(to(upstream.url)).model('m', caller()))).toMatchObject({ text: 'ok' })
      expect(upstream.asked[0]!.headers['accept-encoding']).toBe('identity')
    })

    test('a packed reply that breaks off is a failure of the upstream', async () => {
      const packed = gzipSync(sse(chunk({ content: 'ok' }, 'stop'), '[DONE]').join(''))
      const raw = { headers: { 'content-encoding': 'gzip' }, chunks: [packed.subarray(0, 20)], cut: true }
      await using upstream = await startUpstream(() => ({ raw }))
      const failed = drawOne(leafOf(to(upstream.url)).model('m', caller()))
      await expect(failed).rejects.toMatchObject({ name: 'UpstreamFailed', code: 'upstream_cut' })
    })

    test('no more than 64 MB of a reply are read', async () => {
      const megabyte = sse({ choices: [], padding: 'x'.repeat(1024 * 1024) })[0]!
      await using upstream = await startUpstream(() => ({
        raw: { chunks: [...sse(half), ...Array.from({ length: 80 }, () => megabyte)] },
      }))
      const failed = drawOne(leafOf(to(upstream.url)).model('m', caller()))
      await expect(failed).rejects.toMatchObject({ name: 'UpstreamFailed', code: 'upstream_too_large' })
      await upstream.until(({ left, inFlight }) => left === 1 && inFlight === 0)
    })

    test('no more than 16 million characters are a completion', async () => {
      const megabyte = sse(chunk({ content: 'x'.repeat(1024 * 1024) }))[0]!
      await using upstream = await startUpstream(() => ({ raw: { chunks: Array(20).fill(megabyte) } }))
      const failed = drawOne(leafOf(to(upstream.url)).model('m', caller()))
      await expect(failed).rejects.toMatchObject({ code: 'upstream_too_large', status: 502 })
    })

    test('who leaves before the reply begins, and in the midst of it, lets go of the upstream', async () => {
      const never = gate()
      await using upstream = await startUpstream((_, index) =>
        index === 0 ? { text: 'ok', hold: never } : { text: 'a long answer', holdAfter: { chunks: 2, gate: never } },
      )
      const model = leafOf(to(upstream.url)).model('m', caller())
      for (const times of [1, 2]) {
        const leaving = new AbortController()
        const drawn = drawOne(model, question, { signal: leaving.signal })
        drawn.catch(() => {})
        await upstream.until(({ inFlight, asked }) => inFlight === 1 && asked.length === times)
        leaving.abort(new Error('gone'))
        await upstream.until(({ inFlight, left }) => inFlight === 0 && left === times)
        await expect(drawn).rejects.toThrow('gone')
      }
    })
  })

test('what one sample of several lacks does not take what the others have', async () => {
  const chunks = sse(chunk({ content: 'a' }, 'stop', 0), chunk({ content: 'b' }, null, 1))
  await using upstream = await startUpstream(() => ({ raw: { chunks, cut: true } }))
  const { outcomes } = await draw(modelAt(upstream.url), question, { n: 3 })
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected'])
  expect(upstream.asked).toHaveLength(1)
})

test('a stream whose every choice has ended needs no last word', async () => {
  await using upstream = await startUpstream(() => ({ raw: { chunks: sse(chunk({ content: 'a' }, 'stop')) } }))
  expect(await drawOne(modelAt(upstream.url))).toEqual({ text: 'a', finish: 'stop' })
})

test('a last word without a reason ends every choice', async () => {
  await using upstream = await startUpstream(() => ({ raw: { chunks: sse(half, '[DONE]') } }))
  expect(await drawOne(modelAt(upstream.url))).toEqual({ text: 'half', finish: 'stop' })
})

test.each(['text/plain', 'text/event-stream', 'application/json'])(
  'a response and a stream are told apart whatever the content type (%s) says',
  async (type) => {
    const whole = JSON.stringify({ choices: [{ index: 0, message: { content: 'a' }, finish_reason: 'stop' }] })
    const replies = [[` \n${whole}`], sse(chunk({ content: 'a' }, 'stop'), '[DONE]')]
    await using upstream = await startUpstream((_, index) => ({
      raw: { headers: { 'content-type': type }, chunks: replies[index]! },
    }))
    const model = modelAt(upstream.url)
    expect(await drawOne(model)).toEqual({ text: 'a', finish: 'stop' })
    expect(await drawOne(model)).toEqual({ text: 'a', finish: 'stop' })
  },
)
