import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { execute, type Model, type Prompt, type Strategy } from '#core'
import { AnswerTally } from '#vote'
import { scorerOf } from '../../src/scorers/index.ts'
import type { Reuse } from '../../src/upstream/bank/banked.ts'
import type { UpstreamOptions } from '../../src/upstream/index.ts'
import { memoryStore } from '../../src/upstream/store/memory.ts'
import { patient } from '../../src/upstream/store/patient.ts'
import type { Store } from '../../src/upstream/store/store.ts'
import { bestOfN, deepconf, selfConsistency } from '../../strategies/index.ts'
import { gate, startUpstream } from '../helpers/upstream.ts'
import { caller, chunk, draw, leafOf, overNode, question, sse, words } from './leaf.ts'

const always: Reuse = { read: true, write: true }
const banked = (store: Store = memoryStore({ entries: 1000, bytes: 10_000_000 })): Partial<UpstreamOptions> => ({
  bank: { store, ttlMs: 60_000, origin: 'here', shared: false },
})
const modelAt = (url: string, options: Partial<UpstreamOptions> = banked(), reuse = always) =>
  leafOf(overNode(url), options).model('m', caller(), reuse)

/** Every completion has a number of its own; requests with `n` are counted by choice. */
const counting = (answer = (index: number) => `${index}`) => {
  let next = 0
  return startUpstream(({ json }) => ({
    choices: Array.from({ length: json?.n ?? 1 }, () => ({ text: answer(next++), thinking: 'hm' })),
  }))
}
const drawnBy = ({ asked }: { asked: readonly { json: { n?: number | null } | undefined }[] }) =>
  asked.reduce((sum, { json }) => sum + (json?.n ?? 1), 0)
const texts = ({ completions }: { completions: readonly { text: string }[] }) => completions.map(({ text }) => text)

const solved = async (strategy: Strategy, model: Model, prompt: Prompt = question, signal?: AbortSignal) => {
  const execution = execute(strategy(model), prompt, {
    ...(signal ? { signal } : {}),
    scorers: scorerOf,
    can: async () => true,
    tally: (question, note, voting) => new AnswerTally(question, note, voting),
  })
  const notes: string[] = []
  let banked = 0
  for await (const event of execution.events) {
    if (event.type === 'note') notes.push(event.text)
    if (event.type === 'banked') banked++
  }
  return { completion: await execution.result, notes, banked, ledger: execution.ledger }
}

test('nothing is kept unless there is a bank, and none is used that a request does not ask for', async () => {
  await using upstream = await counting()
  for (const model of [modelAt(upstream.url, {}), leafOf(overNode(upstream.url), banked()).model('m', caller())])
    for (const _ of [1, 2]) await draw(model, question)
  expect(upstream.asked).toHaveLength(4)
})

test('sixteen more are drawn for thirty-two after sixteen, and the same again costs nothing', async () => {
  await using upstream = await counting()
  const model = modelAt(upstream.url)
  const first = await solved(selfConsistency({ n: 16 }), model)
  expect([drawnBy(upstream), first.banked, first.ledger.calls]).toEqual([16, 0, 16])
  const second = await solved(selfConsistency({ n: 32 }), model)
  expect([drawnBy(upstream), second.banked, second.ledger.calls]).toEqual([32, 16, 16])
  expect(second.notes).toContain('The bank has 16 samples of this prompt, to be counted before any more are drawn.')
  const third = await solved(selfConsistency({ n: 32 }), model)
  expect([drawnBy(upstream), third.banked, third.ledger.calls]).toEqual([32, 32, 0])
  expect(third.ledger.usage).toEqual({ input: 0, output: 0 })
  expect(third.completion).toEqual(second.completion)
})

test('a sample is told as it was: its thinking, its words and its place', async () => {
  await using upstream = await counting()
  const model = modelAt(upstream.url)
  const first = await draw(model, question)
  const second = await draw(model, structuredClone(question))
  expect(second.completions).toEqual(first.completions)
  const told = second.events.flatMap((event) => (event.type.endsWith('-delta') && 'text' in event ? [event.text] : []))
  expect(told).toEqual(['hm', '0'])
})

test('other strategies count the samples of this prompt too', async () => {
  await using upstream = await counting()
  const model = modelAt(upstream.url)
  await solved(selfConsistency({ n: 4 }), model)
  await solved((model) => bestOfN({ n: 4, scorer: 'agreement' })(model), model)
  expect(drawnBy(upstream)).toBe(4)
})

test('one request never counts one sample twice, however it draws', async () => {
  const shapes = fc.array(fc.record({ outer: fc.integer({ min: 1, max: 4 }), inner: fc.integer({ min: 1, max: 4 }) }), {
    minLength: 1,
    maxLength: 5,
  })
  await using upstream = await counting()
  let prompts = 0
  await fc.assert(
    fc.asyncProperty(shapes, fc.nat(3), async (requests, failing) => {
      const model = modelAt(upstream.url)
      const prompt: Prompt = { messages: [{ role: 'user', content: `question ${prompts++}` }] }
      let most = 0
      for (const { outer, inner } of requests) {
        const before = drawnBy(upstream)
        const counted: string[] = []
        const nested: Model = async (prompt, scope) => {
          const samples = Array.from({ length: outer }, (_, i) =>
            Promise.all(
              Array.from({ length: inner }, async (_, j) => {
                const { text } = await model(prompt, scope.aside({ draw: i }).aside({ draw: j }))
                // Some leave between their draws, and come back for more.
                if (j < failing) await new Promise((resolve) => setImmediate(resolve))
                counted.push(text)
              }),
            ),
          )
          await Promise.all(samples)
          return { text: '', finish: 'stop' }
        }
        await execute(nested, prompt).result
        expect(counted).toHaveLength(outer * inner)
        expect(new Set(counted).size).toBe(outer * inner)
        // No more was drawn than the bank had not.
        expect(drawnBy(upstream) - before).toBe(Math.max(0, outer * inner - most))
        most = Math.max(most, outer * inner)
      }
    }),
    { numRuns: 25 },
  )
})

test('equal requests at the same time draw their own, and both are kept', async () => {
  const both = gate()
  await using upstream = await startUpstream(({ json }, index) => ({
    choices: Array.from({ length: json?.n ?? 1 }, (_, choice) => ({ text: `${index}.${choice}` })),
    hold: both,
  }))
  const model = modelAt(upstream.url)
  const drawn = Promise.all([draw(model, question, { n: 3 }), draw(model, question, { n: 3 })])
  await upstream.until(({ asked }) => asked.length === 2)
  both.open()
  expect(new Set((await drawn).flatMap(texts)).size).toBe(6)
  const later = await draw(model, question, { n: 7 })
  expect(new Set(texts(later)).size).toBe(7)
  expect(drawnBy(upstream)).toBe(7)
})

test('what is drawn beside the bank is asked for with one n', async () => {
  await using upstream = await counting()
  const model = modelAt(upstream.url)
  await draw(model, question, { n: 2 })
  await draw(model, question, { n: 8 })
  expect(upstream.asked.map(({ json }) => json?.n)).toEqual([2, 6])
})

test('a client that left pays for no sample again that was whole', async () => {
  const never = gate()
  await using upstream = await startUpstream((_, index) => ({
    text: `${index}`,
    ...(index >= 5 && index < 8 ? { hold: never } : {}),
  }))
  const model = modelAt(upstream.url, { ...banked(), can: { n: false } })
  const left = new AbortController()
  const five = gate()
  let whole = 0
  const first = draw(model, question, {
    n: 8,
    signal: left.signal,
    onEvent: (event) => {
      if (event.type === 'span-end' && event.outcome === 'done' && ++whole === 5) five.open()
    },
  })
  await Promise.all([five.promise, upstream.until(({ asked }) => asked.length === 8)])
  left.abort()
  expect((await first).errors).toHaveLength(3)
  const second = await draw(model, question, { n: 8 })
  expect(upstream.asked).toHaveLength(11)
  expect(new Set(texts(second)).size).toBe(8)
})

test('of one request with n that is left, what was whole is kept', async () => {
  await using upstream = await startUpstream(({ json }) =>
    json?.n === 2
      ? {
          raw: {
            chunks: sse(chunk({ content: 'whole' }, 'stop'), chunk({ content: 'ha' }, null, 1), chunk({}, null, 1)),
          },
          holdAfter: { chunks: 3, gate: gate() },
        }
      : { text: 'another' },
  )
  const model = modelAt(upstream.url)
  const left = new AbortController()
  await draw(model, question, {
    n: 2,
    signal: left.signal,
    onEvent: (event) => {
      if (event.type === 'span-end' && event.outcome === 'done') left.abort()
    },
  })
  expect(texts(await draw(model, question, { n: 2 }))).toEqual(['whole', 'another'])
  expect(upstream.asked).toHaveLength(2)
})

test('other questions, models, settings, keys and routes are not the same', async () => {
  await using upstream = await counting()
  const options = banked()
  const leaf = leafOf(overNode(upstream.url), options)
  const as = (headers: Record<string, string>, key?: string | null, name = 'm') =>
    leaf.model(name, caller(headers, key), always)
  const client = { authorization: 'Bearer client' }
  await draw(as({}, 'key'), question)
  await draw(as({}, 'key'), words(1))
  await draw(as({}, 'key'), { ...question, temperature: 1 })
  await draw(as({}, 'key'), { ...question, seed: 1 })
  await draw(as({}, 'key'), { ...question, rest: { top_p: 0.5 } })
  await draw(as({}, 'key'), { ...question, rest: { tools: [] } })
  await draw(as({}, 'key', 'other'), question)
  await draw(as({}, 'another key'), question)
  await draw(as(client), question)
  await draw(as(client, 'key'), question)
  await draw(as({ ...client, 'openai-organization': 'us' }), question)
  const elsewhere = { ...options.bank!, origin: 'elsewhere' }
  await draw(leafOf(overNode(upstream.url), { bank: elsewhere }).model('m', caller(client), always), question)
  expect(upstream.asked).toHaveLength(12)
  await draw(as(client), question)
  await draw(as({ 'x-request-id': 'whatever', 'user-agent': 'another' }, 'key'), question)
  await draw(as({}, 'key'), { ...question, rest: { user: 'me', metadata: { a: 'b' } } })
  expect(upstream.asked).toHaveLength(12)
})

test('no key stands in the store', async () => {
  const keys: string[] = []
  const memory = memoryStore({ entries: 10, bytes: 10_000 })
  const list = (key: string) => {
    keys.push(key)
    return memory.list(key)
  }
  const store = { ...memory, list }
  await using upstream = await counting()
  await draw(leafOf(overNode(upstream.url), banked(store)).model('m', caller({}, 'sk-secret'), always), question)
  expect(keys).toEqual([expect.stringMatching(/^bank:[0-9a-f]{64}$/)])
})

test('what was cut off, filtered or has failed is not kept', async () => {
  const replies = [
    { raw: { chunks: sse(chunk({ content: 'half' })), cut: true } },
    { status: 500, error: { message: 'no' } },
    { text: 'too lo', finish: 'length' },
    { text: 'I can', finish: 'content_filter' },
    { text: 'ok' },
  ]
  await using upstream = await startUpstream((_, index) => replies[index]!)
  const model = modelAt(upstream.url)
  for (const _ of replies) await draw(model, question)
  expect(texts(await draw(model, question))).toEqual(['ok'])
  expect(upstream.asked).toHaveLength(replies.length)
})

test('a request may refuse what is there, and may refuse to leave anything', async () => {
  await using upstream = await counting()
  const options = banked()
  await draw(modelAt(upstream.url, options, { read: true, write: false }), question)
  await draw(modelAt(upstream.url, options, { read: false, write: true }), question)
  await draw(modelAt(upstream.url, options, { read: false, write: true }), question)
  expect(new Set(texts(await draw(modelAt(upstream.url, options), question, { n: 3 })))).toEqual(
    new Set(['1', '2', '3']),
  )
})

describe('log-probabilities', () => {
  const sure = (text: string, logprob: number) => ({
    raw: {
      chunks: sse({
        choices: [
          {
            index: 0,
            delta: { content: text },
            finish_reason: 'stop',
            logprobs: { content: [{ token: text, logprob, top_logprobs: [{ token: text, logprob }] }] },
          },
        ],
      }),
    },
  })

  test('are kept, so that a strategy that needs them asks for none again', async () => {
    await using upstream = await startUpstream((_, index) => sure(`${index}`, -1 - index))
    const model = modelAt(upstream.url, { ...banked(), can: { n: false } })
    const first = await solved(deepconf({ n: 4 }), model)
    const second = await solved(deepconf({ n: 4 }), model)
    expect(second.completion).toEqual(first.completion)
    expect([upstream.asked.length, second.banked]).toEqual([4, 4])
  })

  test('are heard as they were, by who ends a sample for them', async () => {
    await using upstream = await startUpstream((_, index) => sure(`${index}`, -1))
    const model = modelAt(upstream.url, { ...banked(), can: { n: false } })
    const heard: unknown[] = []
    for (const _ of [1, 2])
      await execute(
        (prompt, scope) => model(prompt, scope.aside({ heard: ({ logprobs }) => logprobs && heard.push(logprobs) })),
        question,
      ).result
    expect(heard).toEqual([heard[0], heard[0]])
    expect(upstream.asked).toHaveLength(1)
  })

  test('a sample without any is not used where they are asked for', async () => {
    await using upstream = await counting()
    const model = modelAt(upstream.url)
    await draw(model, question)
    await draw(model, { ...question, rest: { logprobs: true } })
    await draw(model, { ...question, rest: { logprobs: true } })
    expect(upstream.asked).toHaveLength(3)
  })
})

describe('a store', () => {
  const broken = (fail: () => Promise<never>): Store => ({ get: fail, set: fail, list: fail, append: fail })

  test.each([
    ['is down', broken(async () => Promise.reject(new Error('redis://secret@10.0.0.1')))],
    [
      'never answers',
      patient(
        broken(() => new Promise(() => {})),
        1,
      ),
    ],
  ])('that %s costs no request, and is noted without a word of where it is', async (_, store) => {
    await using upstream = await counting()
    const model = modelAt(upstream.url, banked(store))
    for (const calls of [4, 8]) {
      const { notes } = await solved(selfConsistency({ n: 4 }), model)
      expect(notes).toContain('The sample bank is out of reach, so all samples are drawn.')
      expect(notes.join()).not.toContain('secret')
      expect(drawnBy(upstream)).toBe(calls)
    }
  })

  test('with entries that cannot be read has none', async () => {
    await using upstream = await counting()
    const store: Store = {
      ...memoryStore({ entries: 10, bytes: 10_000 }),
      list: async () => ['{', 'null', '{"at": 1}', '[]', '{"at": 0, "sample": {"text": "known", "finish": "stop"}}'],
    }
    expect(texts(await draw(modelAt(upstream.url, banked(store)), question, { n: 2 }))).toEqual(['known', '0'])
  })
})
