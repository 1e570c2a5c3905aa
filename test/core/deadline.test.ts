import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import {
  BudgetExhausted,
  type Capability,
  type Completion,
  type Deadline,
  DeadlineReached,
  type ExecuteOptions,
  execute,
  inTime,
  type Run,
  type StrategyFactory,
  strategy,
} from '#core'
import * as strategies from '../../strategies/index.ts'
import { about, context, gate, heard, never, question, type Script, scripted, times } from '../helpers/scripted.ts'

const { none, selfConsistency } = strategies

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] })
})
afterEach(() => {
  vi.useRealTimers()
})

/** A request with a deadline of ten seconds, whose time passes when it is told to. */
function hurried(script: Script, deadline: Partial<Deadline> = {}, way = selfConsistency({ n: 8 })) {
  const upstream = scripted(script)
  const execution = execute(way(upstream.model), question('?'), { ...context, deadline: { ms: 10_000, ...deadline } })
  let settled = false
  const all = heard(execution)
  const settle = () => {
    settled = true
  }
  all.then(settle, settle)
  const passes = async (ms: number) => {
    await vi.advanceTimersByTimeAsync(ms)
    return settled
  }
  return { upstream, ...execution, all, passes }
}

const answering = (draws: number): Script => {
  return ({ draw }) => (draw < draws ? '42' : never)
}

describe('as a deadline nears', () => {
  test('the answer is made of the samples that are in, and the rest is let go of', async () => {
    const { upstream, ledger, trace, all, passes } = hurried(answering(3))
    expect(await passes(9499)).toBe(false)
    expect(await passes(1)).toBe(true)
    const { completion, notes } = await all
    expect(completion).toMatchObject({ text: '42', finish: 'budget' })
    expect(notes).toContain('The deadline is near: 3 of 8 samples are in.')
    expect(ledger.exhausted).toBe('deadline')
    expect(trace.samples).toEqual({ asked: 8, done: 3 })
    expect(upstream.live).toBe(0)
  })

  test.each<[string, number, number]>([
    ['a number', 4, 3],
    ['a share', 0.5, 3],
    ['the one that there must be', 1, 0],
  ])('a quorum that is not met, %s, has until the deadline itself', async (_, quorum, done) => {
    const last = gate()
    const { all, passes } = hurried(
      ({ draw }) => (draw < done ? '42' : draw === done ? last.promise.then(() => '42') : never),
      { quorum },
    )
    expect(await passes(9600)).toBe(false)
    last.open()
    expect(await passes(0)).toBe(true)
    expect((await all).notes).toContain(`The deadline is near: ${done + 1} of 8 samples are in.`)
  })

  test('what is there is the answer at the deadline, though it is no quorum', async () => {
    const { all, passes } = hurried(answering(3), { quorum: 7 })
    expect(await passes(9999)).toBe(false)
    expect(await passes(1)).toBe(true)
    expect((await all).completion).toMatchObject({ text: '42', finish: 'budget' })
  })

  test('an answer that is being said goes on until the deadline, and is cut off there', async () => {
    const saying: Script = ({ speak }) => {
      speak('The answer')
      return never
    }
    const { all, passes } = hurried(saying, {}, none())
    expect(await passes(9999)).toBe(false)
    expect(await passes(1)).toBe(true)
    expect((await all).completion).toEqual({ text: 'The answer', finish: 'length' })
  })

  test('nothing happens to an answer that is there in time', async () => {
    const { all, ledger, passes } = hurried(answering(8))
    expect(await passes(0)).toBe(true)
    expect((await all).completion.finish).toBe('stop')
    expect(vi.getTimerCount()).toBe(0)
    expect(ledger.exhausted).toBeUndefined()
  })

  test('an answer that only its price is waited for is whole', async () => {
    let book = (_: { input: number; output: number }) => {}
    const answer = strategy('slow-to-count', about, {}, async (run: Run): Promise<Completion> => run.answer())()
    const unpriced = execute(
      answer(async (_, { shared }) => {
        book = shared.ledger.open()
        shared.signal.addEventListener('abort', () => book({ input: 1, output: 1 }))
        return { text: '42', finish: 'stop' }
      }),
      question('?'),
      { ...context, deadline: { ms: 10_000 } },
    )
    await vi.advanceTimersByTimeAsync(10_000)
    expect(await unpriced.result).toEqual({ text: '42', finish: 'stop' })
    expect(unpriced.ledger.exhausted).toBeUndefined()
  })

  test('the time counts from when the request came', async () => {
    const { passes } = hurried(answering(3), { since: Date.now() - 9000 })
    expect(await passes(500)).toBe(true)
  })
})

describe('a deadline with nothing to show', () => {
  test('is an error that says what was in, and of how many', async () => {
    const { upstream, result, passes } = hurried(() => never)
    const failed = expect(result).rejects.toMatchObject({
      code: 'deadline_exceeded',
      status: 504,
      message: expect.stringContaining('The deadline of 10 s came before there was an answer: 0 of 8 samples were in.'),
    })
    await passes(10_000)
    await failed
    expect(upstream.live).toBe(0)
  })

  test('asks nothing when it has passed already', async () => {
    const { upstream, result } = hurried(() => '42', { since: Date.now() - 10_000 })
    await expect(result).rejects.toBeInstanceOf(DeadlineReached)
    expect(upstream.calls).toHaveLength(0)
  })

  test('ends what comes before the first sample, too', async () => {
    const waiting = inTime({ ms: 100 }, new Promise(() => {}))
    const failed = expect(waiting).rejects.toBeInstanceOf(DeadlineReached)
    await vi.advanceTimersByTimeAsync(100)
    await failed
    expect(await inTime({ ms: 100 }, Promise.resolve('in time'))).toBe('in time')
    expect(await inTime(undefined, Promise.resolve('whenever'))).toBe('whenever')
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('every strategy', () => {
  const factories = Object.values(strategies as unknown as Record<string, StrategyFactory>)
  const table = factories.map((factory) => [factory.id, factory] as const)
  /** Something for every reader: an answer, a grade, a verdict, steps, a list and a program. */
  const words =
    '1. 6 times 7 is 42.\n2. The answer is 42.\n\n```python\nassert f(6) == 42\n```\n\nVerdict: correct\nBest: 1\nConfidence: 80\nScore: 7\n\\boxed{42}'
  const sure = [{ token: '42', logprob: -0.1, top_logprobs: [{ token: '42', logprob: -0.1 }] }]
  const saying = { text: words, choiceExtra: { logprobs: { content: sure } } }

  const options: ExecuteOptions = {
    ...context,
    can: async (_: Capability) => true,
    services: () => ({ ask: async () => ({ passed: [true], score: 1 }) }),
  }

  async function upTo(factory: StrategyFactory, script: Script) {
    const upstream = scripted(script)
    const models = () => upstream.model
    const model = factory(needed[factory.id])(upstream.model)
    const execution = execute(model, question('What is 6 times 7?'), { ...options, models, deadline: { ms: 10_000 } })
    const outcome = execution.result.catch((error: unknown) => error)
    await vi.advanceTimersByTimeAsync(10_000)
    const end = await outcome
    expect(upstream.live).toBe(0)
    expect(vi.getTimerCount()).toBe(0)
    return { end, upstream, execution }
  }

  const needed: Readonly<Record<string, Record<string, unknown>>> = { cascade: { strong: 'strong' } }

  test.each(table)('%s answers when some of its samples never come', async (_, factory) => {
    for (const come of times(7, (at) => at + 1)) {
      const { end } = await upTo(factory, ({ order }) => (order < come ? saying : never))
      if (end instanceof BudgetExhausted) expect(end).toMatchObject({ status: 504, code: 'deadline_exceeded' })
      else expect((end as Completion).text, String(end)).toContain('42')
    }
    const { end } = await upTo(factory, ({ order }) => (order % 4 === 3 ? never : saying))
    // Until its last step it has observations and nothing that answers.
    if (factory.id === 'plan-search') expect(end).toBeInstanceOf(DeadlineReached)
    else expect(end).toMatchObject({ text: expect.stringContaining('42') })
  })

  test.each(table)('%s says clearly that nothing came', async (_, factory) => {
    const { end } = await upTo(factory, () => never)
    expect(end).toMatchObject({ status: 504, code: 'deadline_exceeded' })
  })
})
