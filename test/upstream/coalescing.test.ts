import { expect, test } from 'vitest'
import { gate, startUpstream } from '../helpers/upstream.ts'
import { caller, chunk, draw, drawOne, leafOf, modelAt, overFetch, question, sse, words } from './leaf.ts'

const numbered = (count: number) => ({ choices: Array.from({ length: count }, (_, index) => ({ text: `a${index}` })) })
const texts = (completions: readonly { text: string }[]) => completions.map(({ text }) => text)

test('sixteen equal prompts of one tick are one request with n', async () => {
  await using upstream = await startUpstream(() => numbered(16))
  const { completions, ledger } = await draw(modelAt(upstream.url), question, { n: 16 })
  expect(texts(completions)).toEqual(numbered(16).choices.map(({ text }) => text))
  expect(upstream.asked).toHaveLength(1)
  expect(upstream.asked[0]!.json?.n).toBe(16)
  expect(ledger).toMatchObject({ calls: 16, requests: 1 })
})

test('equal prompts need not be the same object', async () => {
  await using upstream = await startUpstream(() => numbered(2))
  const { completions } = await draw(modelAt(upstream.url), [question, structuredClone(question)])
  expect(texts(completions)).toEqual(['a0', 'a1'])
  expect(upstream.asked).toHaveLength(1)
})

test('a single prompt is asked without n', async () => {
  await using upstream = await startUpstream()
  await drawOne(modelAt(upstream.url))
  expect(upstream.asked[0]!.json).not.toHaveProperty('n')
})

test('different prompts are not merged', async () => {
  await using upstream = await startUpstream(({ json }) => ({ text: String(json?.messages?.[0]?.content) }))
  const prompts = [...words(3), { ...question, temperature: 1 }, { ...question, temperature: 0.5 }, question]
  const { completions } = await draw(modelAt(upstream.url), prompts)
  expect(texts(completions)).toEqual(prompts.map(({ messages }) => messages[0]!.content))
  expect(upstream.asked.map(({ json }) => json?.n)).toEqual(prompts.map(() => undefined))
})

test('equal prompts of different requests are not merged', async () => {
  await using upstream = await startUpstream()
  const model = modelAt(upstream.url)
  await Promise.all([drawOne(model), drawOne(model)])
  expect(upstream.asked).toHaveLength(2)
})

test('an upstream that ignores n is topped up with single calls, and asked singly from then on', async () => {
  await using upstream = await startUpstream((_, index) => ({ text: `a${index}` }))
  const model = modelAt(upstream.url)
  const { completions } = await draw(model, question, { n: 4 })
  expect(texts(completions).sort()).toEqual(['a0', 'a1', 'a2', 'a3'])
  expect(upstream.asked.map(({ json }) => json?.n)).toEqual([4, undefined, undefined, undefined])
  await draw(model, question, { n: 3 })
  expect(upstream.asked.slice(4).map(({ json }) => json?.n)).toEqual([undefined, undefined, undefined])
})

test('an upstream that caps n is topped up by as many as it gave', async () => {
  await using upstream = await startUpstream(({ json }) => numbered(Math.min(4, json?.n ?? 1)))
  const model = modelAt(upstream.url)
  const { completions } = await draw(model, question, { n: 10 })
  expect(completions).toHaveLength(10)
  expect(upstream.asked.map(({ json }) => json?.n ?? 1)).toEqual([10, 4, 2])
  await draw(model, question, { n: 6 })
  expect(upstream.asked.slice(3).map(({ json }) => json?.n ?? 1)).toEqual([4, 2])
})

test.each([
  { status: 400, message: 'Only one completion choice is allowed' },
  { status: 422, message: 'n: Input should be less than or equal to 1' },
  { status: 500, message: 'n must be 1' },
  { status: 501, message: 'Not implemented' },
])('an upstream that refuses n with $status is asked singly, and remembered', async ({ status, message }) => {
  await using upstream = await startUpstream(({ json }) =>
    (json?.n ?? 1) > 1 ? { status, error: { message } } : { text: 'ok' },
  )
  const model = modelAt(upstream.url)
  expect(texts((await draw(model, question, { n: 3 })).completions)).toEqual(['ok', 'ok', 'ok'])
  expect(upstream.asked.map(({ json }) => json?.n ?? 1)).toEqual([3, 1, 1, 1])
  await draw(model, question, { n: 2 })
  expect(upstream.asked.slice(4).map(({ json }) => json?.n ?? 1)).toEqual([1, 1])
})

test('a refusal of n in plain words of a 500 is not retried first', async () => {
  await using upstream = await startUpstream(({ json }) =>
    (json?.n ?? 1) > 1 ? { status: 500, error: { message: 'only 1 completion is allowed: n' } } : { text: 'ok' },
  )
  await draw(modelAt(upstream.url, { retries: 2 }), question, { n: 2 })
  expect(upstream.asked.map(({ json }) => json?.n ?? 1)).toEqual([2, 1, 1])
})

test('what is remembered of n is about one model only', async () => {
  await using upstream = await startUpstream(({ json }) =>
    json?.model === 'single' ? numbered(1) : numbered(json?.n ?? 1),
  )
  const leaf = leafOf(overFetch(upstream.url))
  await draw(leaf.model('single', caller()), question, { n: 2 })
  await draw(leaf.model('many', caller()), question, { n: 2 })
  await draw(leaf.model('single', caller()), question, { n: 2 })
  expect(upstream.asked.map(({ json }) => [json?.model, json?.n ?? 1])).toEqual([
    ['single', 2],
    ['single', 1],
    ['many', 2],
    ['single', 1],
    ['single', 1],
  ])
})

test('a 400 that is not about n goes to everyone who asked, and does not count against n', async () => {
  await using upstream = await startUpstream(() => ({ status: 400, error: { message: 'The context is too long.' } }))
  const model = modelAt(upstream.url)
  const { errors } = await draw(model, question, { n: 3 })
  expect(errors).toHaveLength(3)
  for (const error of errors) expect(error).toMatchObject({ status: 400, message: 'The context is too long.' })
  upstream.reply(() => numbered(3))
  const before = upstream.asked.length
  await draw(model, question, { n: 3 })
  expect(upstream.asked.slice(before).map(({ json }) => json?.n)).toEqual([3])
})

test('a 400 that blames another field is not asked again one by one', async () => {
  await using upstream = await startUpstream(() => ({
    status: 400,
    error: { message: 'Too long.', param: 'messages', code: 'context_length_exceeded' },
  }))
  const { errors } = await draw(modelAt(upstream.url), question, { n: 8 })
  expect(errors).toHaveLength(8)
  expect(upstream.asked).toHaveLength(1)
})

test('interleaved choices of one stream reach the right samples', async () => {
  const pieces = [
    chunk({ content: 'on' }, null, 1),
    chunk({ content: 'ze' }, null, 0),
    chunk({ content: 'tw' }, null, 2),
  ]
  const rest = [
    chunk({ content: 'ro' }, 'stop', 0),
    chunk({ content: 'o' }, 'length', 2),
    chunk({ content: 'e' }, 'stop', 1),
  ]
  await using upstream = await startUpstream(() => ({ raw: { chunks: sse(...pieces, ...rest, '[DONE]') } }))
  const { completions, events } = await draw(modelAt(upstream.url), question, { n: 3 })
  expect(completions).toMatchObject([{ text: 'zero' }, { text: 'one' }, { text: 'two', finish: 'length' }])
  const heard = Object.groupBy(
    events.filter((event) => event.type === 'text-delta'),
    ({ span }) => span,
  )
  const said = Object.values(heard).map((deltas) => deltas?.map(({ text }) => text).join(''))
  expect(said.sort()).toEqual(['one', 'two', 'zero'])
})

test('a sample ends as soon as its own choice has, not with the stream', async () => {
  const more = gate()
  await using upstream = await startUpstream(() => ({
    raw: { chunks: sse(chunk({ content: 'quick' }, 'stop', 1), chunk({ content: 'slow' }, 'stop', 0), '[DONE]') },
    holdAfter: { chunks: 1, gate: more },
  }))
  const model = modelAt(upstream.url)
  const first = Promise.withResolvers<string>()
  const watched: typeof model = (prompt, scope) =>
    model(prompt, scope).then((completion) => {
      first.resolve(completion.text)
      return completion
    })
  const drawn = draw(watched, question, { n: 2 })
  expect(await first.promise).toBe('quick')
  more.open()
  expect(texts((await drawn).completions)).toEqual(['slow', 'quick'])
})

test('one of several that is cancelled leaves the others', async () => {
  const more = gate()
  await using upstream = await startUpstream(() => ({
    raw: {
      chunks: sse(
        chunk({ content: 'a' }, null, 0),
        chunk({ content: 'b' }, null, 1),
        chunk({ content: 'c' }, 'stop', 0),
        chunk({ content: 'd' }, 'stop', 1),
        '[DONE]',
      ),
    },
    holdAfter: { chunks: 2, gate: more },
  }))
  const leaving = new AbortController()
  const drawn = draw(modelAt(upstream.url), question, { n: 2, signals: [leaving.signal] })
  await upstream.until(({ inFlight }) => inFlight === 1)
  leaving.abort(new Error('not needed'))
  more.open()
  const { outcomes } = await drawn
  expect(outcomes).toMatchObject([
    { status: 'rejected', reason: { message: 'not needed' } },
    { status: 'fulfilled', value: { text: 'bd' } },
  ])
  expect(upstream.left).toBe(0)
})

test('a sample that is cancelled says nothing more', async () => {
  const more = gate()
  await using upstream = await startUpstream(() => ({
    raw: {
      chunks: sse(
        chunk({ content: 'early' }, null, 0),
        chunk({ content: 'late' }, null, 0),
        chunk({ content: 'fine' }, 'stop', 1),
        '[DONE]',
      ),
    },
    holdAfter: { chunks: 1, gate: more },
  }))
  const leaving = new AbortController()
  const drawn = draw(modelAt(upstream.url), question, { n: 2, signals: [leaving.signal] })
  await upstream.until(({ inFlight }) => inFlight === 1)
  leaving.abort(new Error('not needed'))
  more.open()
  const said = (await drawn).events.flatMap((event) => (event.type === 'text-delta' ? [event.text] : []))
  expect(said).toContain('fine')
  expect(said).not.toContain('late')
})

test('when all are cancelled the request is aborted', async () => {
  await using upstream = await startUpstream(() => ({ ...numbered(2), hold: gate() }))
  const leaving = [new AbortController(), new AbortController()]
  const drawn = draw(modelAt(upstream.url), question, { n: 2, signals: leaving.map(({ signal }) => signal) })
  await upstream.until(({ inFlight }) => inFlight === 1)
  for (const each of leaving) each.abort(new Error('not needed'))
  await upstream.until(({ inFlight, left }) => inFlight === 0 && left === 1)
  expect((await drawn).errors).toHaveLength(2)
})

test('what is cancelled before its turn is not asked for', async () => {
  await using upstream = await startUpstream(() => numbered(2))
  const gone = AbortSignal.abort(new Error('not needed'))
  const { completions } = await draw(modelAt(upstream.url), question, { n: 3, signals: [gone] })
  expect(completions).toHaveLength(2)
  expect(upstream.asked.map(({ json }) => json?.n)).toEqual([2])
})

test('a stream that breaks off teaches nothing about n', async () => {
  await using upstream = await startUpstream(() => ({
    raw: { chunks: sse(chunk({ content: 'half' }, null, 0)), cut: true },
  }))
  const model = modelAt(upstream.url)
  expect((await draw(model, question, { n: 3 })).errors).toHaveLength(3)
  upstream.reply(() => numbered(3))
  const before = upstream.asked.length
  await draw(model, question, { n: 3 })
  expect(upstream.asked.slice(before).map(({ json }) => json?.n)).toEqual([3])
})

test('samples that were cancelled are not taken for choices that came', async () => {
  const more = gate()
  await using upstream = await startUpstream(({ json }) =>
    (json?.n ?? 1) > 1 ? { text: 'only one', hold: more } : { text: 'one more' },
  )
  const leaving = new AbortController()
  const model = modelAt(upstream.url)
  const none = new AbortController().signal
  const drawn = draw(model, question, { n: 4, signals: [none, none, leaving.signal, leaving.signal] })
  await upstream.until(({ inFlight }) => inFlight === 1)
  leaving.abort(new Error('not needed'))
  more.open()
  expect(texts((await drawn).completions)).toEqual(['only one', 'one more'])
  await draw(model, question, { n: 2 })
  expect(upstream.asked.map(({ json }) => json?.n ?? 1)).toEqual([4, 1, 1, 1])
})
