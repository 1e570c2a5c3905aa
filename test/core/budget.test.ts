import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  BudgetExhausted,
  type Completion,
  execute,
  Ledger,
  type Limits,
  over,
  type Run,
  strategy,
  type Usage,
} from '#core'
import { bestOfN, none, selfConsistency } from '../../strategies/index.ts'
import { about, context, gate, heard, never, question, scripted, times } from '../helpers/scripted.ts'

const only = (body: (run: Run) => Promise<Completion>) => strategy('only', about, {}, body)()
const priced = { text: '42', usage: { input: 10, output: 5, cost: 0.01 } }
/** Answers three draws and holds the rest. */
const three = () => scripted(({ draw }) => (draw < 3 ? priced : never))

/** Sixteen samples, one after another. */
const oneByOne = only(async (run) => {
  const tally = run.tally()
  for await (const path of run.samples(16, { ahead: 1 })) tally.add(path)
  return tally.winner
})

describe('a budget that ends', () => {
  test.each<[string, Limits, number]>([
    ['calls', { calls: 3 }, 3],
    ['tokens', { tokens: 40 }, 3],
    ['cost', { cost: 0.025 }, 3],
  ])('of %s answers with the best so far', async (limit, limits, calls) => {
    const upstream = scripted([priced])
    const execution = execute(oneByOne(upstream.model), question('?'), { ...context, limits })
    const { completion, notes } = await heard(execution)
    expect(completion).toMatchObject({ text: '42', finish: 'budget' })
    expect(upstream.calls).toHaveLength(calls)
    expect(execution.ledger.exhausted).toBe(limit)
    expect(notes).toContain(`The budget of ${limit} is spent, so no more samples are drawn.`)
  })

  test('of time answers with the best so far, and lets go of the rest', async () => {
    const upstream = three()
    const execution = execute(oneByOne(upstream.model), question('?'), { ...context, limits: { ms: 20 } })
    expect(await execution.result).toMatchObject({ text: '42', finish: 'budget' })
    expect(execution.ledger.exhausted).toBe('ms')
    expect(upstream.live).toBe(0)
  })

  test.each<[string, Limits]>([
    ['calls', { calls: 0 }],
    ['tokens', { tokens: 0 }],
    ['cost', { cost: 0 }],
    ['ms', { ms: 0 }],
  ])('of %s before there was anything is an error that names it', async (limit, limits) => {
    const upstream = scripted([priced])
    const { result } = execute(oneByOne(upstream.model), question('?'), { ...context, limits })
    const error = await result.catch((error: unknown) => error)
    expect(error).toBeInstanceOf(BudgetExhausted)
    expect(error).toMatchObject({ status: 429, code: 'budget_exhausted', type: 'rate_limit_error', limit })
    expect((error as Error).message).toContain(`budget of ${limit}`)
    expect(upstream.calls).toHaveLength(0)
  })

  test('exactly with the last sample is no shortage', async () => {
    const limits = { calls: 16 }
    const execution = execute(oneByOne(scripted([priced]).model), question('?'), { ...context, limits })
    expect((await execution.result).finish).toBe('stop')
    expect(execution.ledger.exhausted).toBeUndefined()
  })

  test('with nothing kept answers with a vote over what was drawn', async () => {
    const upstream = scripted(({ draw, prompt }) =>
      prompt.messages[0]?.content === '?' ? ['7', '42', '42'][draw]! : never,
    )
    const stuck = only(async (run) => {
      await run.samples(3).all()
      return run.sample(question('more'))
    })
    const { completion, events, notes } = await heard(
      execute(stuck(upstream.model), question('?'), { ...context, limits: { ms: 20 } }),
    )
    expect(completion).toMatchObject({ text: '42', index: 1, finish: 'budget' })
    expect(notes).toContain('The budget of ms is spent, so this is the best answer so far.')
    expect(events.some(({ type }) => type === 'votes')).toBe(true)
  })

  test('answers with the lowest draw where there is nothing to vote with', async () => {
    const stuck = only(async (run) => {
      await run.each([0, 1], () => run.sample())
      return run.sample(question('more'))
    })
    const upstream = scripted(({ order }) => (order < 2 ? `${order}` : never))
    const { result } = execute(stuck(upstream.model), question('?'), { limits: { calls: 2 } })
    expect(await result).toMatchObject({ text: '0', finish: 'budget' })
  })

  test('answers with what was kept, of equal ones the lowest draw', async () => {
    const keeping = only(async (run) => {
      for (const [index, score] of [
        [3, 0.2],
        [2, 0.9],
        [1, 0.9],
        [0, undefined],
      ] as const)
        run.keep({ text: `${index}`, index, finish: 'stop' }, score)
      return run.sample()
    })
    const { result } = execute(keeping(scripted([]).model), question('?'), { ...context, limits: { calls: 0 } })
    expect(await result).toEqual({ text: '1', index: 1, finish: 'budget' })
  })

  test.each(['length', 'tool_calls', 'filter'] as const)('does not hide that an answer ended by %s', async (finish) => {
    const upstream = scripted(({ order }) => (order === 0 ? { text: 'x', finish } : never))
    const { result } = execute(oneByOne(upstream.model), question('?'), { ...context, limits: { calls: 1 } })
    expect(await result).toMatchObject({ text: 'x', finish })
  })

  test('in mid-answer leaves the words that were said, as a text cut off', async () => {
    const upstream = scripted(({ speak }) => {
      speak('The answer')
      return never
    })
    const { completion, said } = await heard(
      execute(none()(upstream.model), question('?'), { ...context, limits: { ms: 20 } }),
    )
    expect(said.text).toBe('The answer')
    expect(completion).toEqual({ text: 'The answer', finish: 'length' })
  })

  test('within a sample leaves the sample its best so far, and the vote goes on', async () => {
    const upstream = scripted(['42'])
    const limits = { calls: 6 }
    const nested = over(upstream.model, bestOfN({ n: 2, scorer: 'agreement' }), selfConsistency({ n: 5 }))
    const execution = execute(nested, question('?'), { ...context, limits })
    expect(await execution.result).toMatchObject({ text: '42', finish: 'budget' })
    expect(upstream.calls).toHaveLength(6)
  })
})

test('a deadline further off than a timer can wait is none', async () => {
  const later = gate()
  const upstream = scripted(() => later.promise.then(() => '42'))
  const patient = execute(upstream.model, question('?'), { limits: { ms: 1e12 } })
  const hasty = execute(scripted(() => never).model, question('?'), { limits: { ms: 20 } })
  await expect(hasty.result).rejects.toMatchObject({ limit: 'ms' })
  later.open()
  expect(await patient.result).toMatchObject({ text: '42', finish: 'stop' })
})

test('a strategy sees what is left', async () => {
  const left: unknown[] = []
  const looking = only(async (run) => {
    const answer = await run.sample()
    left.push(run.left)
    return answer
  })
  const limits = { calls: 5, tokens: 100, cost: 1 }
  await execute(looking(scripted([priced]).model), question('?'), { ...context, limits }).result
  expect(left).toEqual([{ calls: 4, tokens: 85, ms: Infinity, cost: 0.99 }])
})

describe('usage', () => {
  const detail = fc.option(fc.nat(1000), { nil: undefined })
  const usage = fc.record({ input: fc.nat(1000), output: fc.nat(1000), reasoning: detail, cached: detail })
  const known = (usage: { [key: string]: number | undefined }) =>
    Object.fromEntries(Object.entries(usage).filter(([, value]) => value !== undefined)) as unknown as Usage

  test('is the sum over all requests, and what nobody counted stays absent', () => {
    fc.assert(
      fc.property(fc.array(usage, { minLength: 1 }), (usages) => {
        const ledger = new Ledger()
        for (const book of usages.map(() => ledger.open()).map((book, i) => () => book(known(usages[i]!)))) book()
        for (const key of ['input', 'output', 'reasoning', 'cached', 'cost'] as const) {
          const given = usages.flatMap((usage) => known(usage)[key] ?? [])
          const sum = given.reduce((sum, value) => sum + value, 0)
          expect(ledger.usage[key]).toBe(given.length > 0 ? sum : undefined)
        }
      }),
    )
  })

  test('counts every sample and every judge', async () => {
    const upstream = scripted(({ draw, prompt }) => ({
      text: prompt.maxTokens ? 'Score: 5' : `${draw}`,
      usage: { input: 100, output: 1, reasoning: 2 },
    }))
    const execution = execute(bestOfN({ n: 3 })(upstream.model), question('?'), context)
    await execution.result
    expect(execution.ledger.usage).toEqual({ input: 600, output: 6, reasoning: 12 })
    expect(execution.ledger.calls).toBe(6)
  })

  test('counts what was cancelled, and says where it was estimated', async () => {
    const upstream = scripted(({ draw }) =>
      draw < 2 ? { text: '42', usage: { input: 1, output: 1, estimated: true } } : never,
    )
    const execution = execute(selfConsistency({ n: 3 })(upstream.model), question('?'), context)
    await execution.result
    expect(execution.ledger.usage).toEqual({ input: 12, output: 7, estimated: true })
  })
})

test('time is counted from the start of the request', () => {
  const clock = { now: 1000 }
  const ledger = new Ledger({ ms: 50 }, () => clock.now)
  clock.now = 1030
  expect(ledger.left.ms).toBe(20)
  ledger.reserve()
  clock.now = 1050
  expect(() => ledger.reserve()).toThrow('The budget of ms')
  expect(ledger.exhausted).toBe('ms')
  expect(ledger.calls).toBe(1)
})

test('the first limit that was reached is the one that is named', () => {
  const ledger = new Ledger({ calls: 1, tokens: 1 })
  ledger.reserve()
  for (const _ of times(2, Number)) expect(() => ledger.reserve()).toThrow('calls')
  ledger.exhaust('ms')
  expect(ledger.exhausted).toBe('calls')
})
