import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { type ExecuteOptions, execute, type Model, Queue, type Run, strategy } from '#core'
import { replicated } from '../../src/upstream/replicas/replicas.ts'
import type { Call, Transport } from '../../src/upstream/transport.ts'
import { about, context, heard, question } from '../helpers/scripted.ts'
import { caller, chunk, leafOf, sse } from './leaf.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] })
})
afterEach(() => {
  vi.useRealTimers()
})

/** One call that the upstream got, whose reply a test says word by word. */
class Sent {
  readonly to: string
  readonly call: Call
  readonly #bytes = new Queue<string>()

  constructor(to: string, call: Call) {
    this.to = to
    this.call = call
    call.signal.addEventListener('abort', () => this.#bytes.end())
  }

  say(text: string): void {
    for (const event of sse(chunk({ content: text }))) this.#bytes.push(event)
  }

  end(text = ''): void {
    for (const event of sse(chunk({ content: text }, 'stop'), '[DONE]')) this.#bytes.push(event)
    this.#bytes.end()
  }

  breakOff(): void {
    this.#bytes.end()
  }

  get left(): boolean {
    return this.call.signal.aborted
  }

  async *body() {
    for await (const text of this.#bytes) yield new TextEncoder().encode(text)
    this.call.signal.throwIfAborted()
  }
}

const all = (n: number, drawing: object = {}) =>
  strategy('all', about, {}, async (run: Run) => {
    const tally = run.tally()
    for (const sample of await run.samples(n, drawing).all()) tally.add(sample)
    return tally.winner
  })()

/** Eight of the likeliest answer, which is one. */
const greedy = all(8, { prompt: question('?', { temperature: 0 }), through: () => (model: Model) => model })

/** A request of eight samples before an upstream that takes no `n`, with a clock that the test moves. */
async function staged({ way = all(8), ...options }: Staging = {}) {
  const sent: Sent[] = []
  const to = (name: string): Transport => ({
    async send(call) {
      const one = new Sent(name, call)
      sent.push(one)
      return { status: 200, headers: new Headers(), body: one.body() }
    },
    relay: async () => undefined,
  })
  const addresses = ['a', 'b'].map((url) => ({ url, weight: 1 }))
  const { transport } = replicated(addresses as never, { to, hops: 0 })
  const model = leafOf(transport, { can: { n: false } }).model('m', caller())
  const execution = execute(way(model), question('?'), { ...context, hedge: 0.95, ...options })
  const outcome = heard(execution)
  outcome.catch(() => {})
  const passes = (ms: number) => vi.advanceTimersByTimeAsync(ms)
  await passes(0)
  /** All but one are in after 100 ms. */
  const allButOne = async () => {
    await passes(100)
    for (const one of sent.slice(0, -1)) one.end('42')
    await passes(0)
  }
  return { ...execution, sent, outcome, passes, allButOne }
}
type Staging = { way?: ReturnType<typeof all> } & ExecuteOptions

describe('a sample that is late among its siblings', () => {
  test('is asked for a second time, and whichever is there first is the sample', async () => {
    const { sent, outcome, ledger, trace, passes, allButOne } = await staged()
    expect(sent).toHaveLength(8)
    await allButOne()
    await passes(9)
    expect(sent).toHaveLength(8)
    await passes(5)
    expect(sent).toHaveLength(9)
    sent[8]!.end('42')
    await passes(0)
    expect(sent[7]!.left).toBe(true)
    const { completion, notes } = await outcome
    expect(completion).toMatchObject({ text: '42', finish: 'stop' })
    expect(notes).toContain('Sample 8 takes longer than the others, and is asked for a second time.')
    expect(ledger).toMatchObject({ calls: 9, requests: 9, hedged: 1, exhausted: undefined })
    expect(trace.samples).toEqual({ asked: 8, done: 8 })
  })

  test('may still be first, and then the second call ends at once', async () => {
    const { sent, outcome, passes, allButOne } = await staged()
    await allButOne()
    await passes(20)
    sent[7]!.end('43')
    await passes(0)
    expect(sent[8]!.left).toBe(true)
    expect((await outcome).events.filter((event) => event.type === 'votes')).toMatchObject([
      { votes: { votes: [{ count: 7 }, { answer: '43', count: 1 }] } },
    ])
  })

  test('is asked of another replica', async () => {
    const { sent, outcome, passes, allButOne } = await staged()
    await allButOne()
    await passes(20)
    expect(sent[8]!.to).not.toBe(sent[7]!.to)
    sent[8]!.end('42')
    await outcome
  })

  test('fails only when both calls do', async () => {
    const { sent, outcome, passes, allButOne, trace } = await staged()
    await allButOne()
    await passes(20)
    sent[8]!.breakOff()
    await passes(0)
    expect(sent[7]!.left).toBe(false)
    sent[7]!.breakOff()
    await outcome
    expect(trace.count('sample')).toEqual({ done: 7, failed: 1, cancelled: 0 })
  })

  test('lets go of both when the client leaves', async () => {
    const client = new AbortController()
    const { sent, outcome, passes, allButOne } = await staged({ signal: client.signal })
    await allButOne()
    await passes(20)
    client.abort(new Error('Enough.'))
    await expect(outcome).rejects.toThrow('Enough.')
    expect(sent.slice(7).map(({ left }) => left)).toEqual([true, true])
    expect(vi.getTimerCount()).toBe(0)
  })

  test.each<[string, Staging]>([
    ['where that is not wanted', { hedge: undefined }],
    ['when no call is left to spend', { limits: { calls: 8 } }],
    ['among too few to tell', { way: all(3) }],
    ['where it would only be the same again', { way: greedy }],
  ])('is asked for once %s', async (_, options) => {
    const { sent, outcome, passes, allButOne } = await staged(options)
    const asked = sent.length
    await allButOne()
    await passes(10_000)
    expect(sent).toHaveLength(asked)
    sent.at(-1)!.end('42')
    expect((await outcome).completion.finish).toBe('stop')
  })

  test('is asked for once if it comes soon after the others', async () => {
    const { sent, outcome, passes, allButOne } = await staged()
    await allButOne()
    await passes(5)
    sent[7]!.end('42')
    await outcome
    expect(sent).toHaveLength(8)
    expect(vi.getTimerCount()).toBe(0)
  })
})

test('of twenty, a share of 0.9 makes two of them late', async () => {
  const { sent, outcome, passes } = await staged({ way: all(20), hedge: 0.9 })
  await passes(100)
  for (const one of sent.slice(0, 17)) one.end('42')
  await passes(1000)
  expect(sent).toHaveLength(20)
  sent[17]!.end('42')
  await passes(2000)
  expect(sent).toHaveLength(22)
  for (const one of sent.slice(18)) one.end('42')
  await outcome
})

describe('where words go out as they come', () => {
  /** Says which words were heard of the last of eight samples. */
  const watching = () => {
    let last = ''
    const cut = ({ index, text }: { index: number; text: string }) => {
      if (index === 7) last = text
      return false
    }
    return { way: all(8, { cut }), last: () => last }
  }

  test('a sample that has begun is not asked for again', async () => {
    const { sent, outcome, passes, allButOne } = await staged({ way: watching().way })
    sent[7]!.say('The ')
    await allButOne()
    await passes(10_000)
    expect(sent).toHaveLength(8)
    sent[7]!.end('answer')
    await outcome
  })

  test('whichever call begins first is the sample, and the other is not heard', async () => {
    const { way, last } = watching()
    const { sent, outcome, passes, allButOne } = await staged({ way })
    await allButOne()
    await passes(20)
    sent[8]!.say('The ')
    await passes(0)
    expect(sent[7]!.left).toBe(true)
    sent[7]!.say('Never ')
    sent[8]!.end('answer')
    await outcome
    expect(last()).toBe('The answer')
  })

  /** Seven samples, and then an answer to the same question that is the client's. */
  const answering = strategy('answering', about, {}, async (run: Run) => {
    await run.samples(7).all()
    return run.answer()
  })()

  async function answered() {
    const stage = await staged({ way: answering })
    await stage.passes(100)
    for (const one of stage.sent.slice(0, 7)) one.end('42')
    await stage.passes(0)
    expect(stage.sent).toHaveLength(8)
    return stage
  }

  test('so it is with the answer itself', async () => {
    const { sent, outcome, passes } = await answered()
    await passes(120)
    expect(sent).toHaveLength(9)
    sent[8]!.say('The ')
    await passes(0)
    expect(sent[7]!.left).toBe(true)
    sent[8]!.end('answer')
    const { said, completion } = await outcome
    expect(said.text).toBe('The answer')
    expect(completion.text).toBe('The answer')
  })

  test('an answer whose first word is out is never asked for again', async () => {
    const { sent, outcome, passes } = await answered()
    sent[7]!.say('The ')
    await passes(10_000)
    expect(sent).toHaveLength(8)
    sent[7]!.end('answer')
    expect((await outcome).said.text).toBe('The answer')
  })
})
