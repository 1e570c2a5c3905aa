import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { execute, measures, sliding, tokenConfidences, UpstreamFailed } from '#core'
import { deepconf } from '../../strategies/deepconf.ts'
import { type Call, context, gate, heard, type Line, question, scripted, times } from '../helpers/scripted.ts'
import { able, arriving, costOf, tokenOf, voters, withLogprobs } from '../helpers/strategy.ts'

const asked = question('What is 6 times 7?')
type Options = Parameters<typeof deepconf>[0]

/** A line whose tokens have these confidences. */
const trace = (line: Line, ...confidences: number[]) =>
  withLogprobs(
    line,
    confidences.map((c) => [-c, -c]),
  )
const votesIn = ({ events }: Awaited<ReturnType<typeof heard>>) =>
  events.flatMap((event) => (event.type === 'votes' ? event.votes.votes : []))

test('a token’s confidence is the mean of the negative log-probabilities of the likeliest in its place', () => {
  expect(tokenConfidences([tokenOf([-0.1, -3, -5]), tokenOf([-1, -2])])).toEqual([expect.closeTo(8.1 / 3), 1.5])
  expect(tokenConfidences([tokenOf([-1, -9999]), tokenOf([]), { token: 'x', logprob: -1 }])).toEqual([1])
})

describe('a trace', () => {
  const values = [9, 1, 2, 3, 6, 6]

  test.each([
    ['tail', 2, 6],
    ['lowest', 2, 1.5],
    ['bottom', 2, 1.5],
    ['mean', 2, 4.5],
    ['tail', 100, 4.5],
    ['lowest', 100, 4.5],
    ['bottom', 100, 4.5],
    ['lowest', 6, 4.5],
  ] as const)('by its %s window of %d has the confidence %d', (measure, window, confidence) => {
    expect(measures[measure](values, window)).toBeCloseTo(confidence)
  })

  test('by its bottom is as sure as the lowest tenth of its windows', () => {
    expect(
      measures.bottom(
        times(40, (i) => 40 - i),
        1,
      ),
    ).toBeCloseTo(2.5)
  })

  test('has windows that slide', () => {
    const numbers = fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 1, maxLength: 30 })
    fc.assert(
      fc.property(numbers, fc.integer({ min: 1, max: 8 }), (values, size) => {
        const slide = sliding(size)
        const plain = (at: number) => values.slice(at + 1 - size, at + 1).reduce((sum, value) => sum + value, 0) / size
        for (const [at, value] of values.entries()) {
          if (at + 1 < size) expect(slide(value)).toBeUndefined()
          else expect(slide(value)).toBeCloseTo(plain(at))
        }
      }),
    )
  })
})

describe('offline', () => {
  const offline = (lines: readonly Line[], options: Options = {}) =>
    arriving(deepconf({ n: lines.length, ...options }), lines)

  test('only the surest share votes', async () => {
    const lines = [...times(6, () => trace('41', 2)), trace('42', 9), trace('42', 8)]
    expect((await offline(lines)).completion).toMatchObject({ text: '42', index: 6 })
    expect((await offline(lines, { keep: 1 })).completion.text).toBe('42')
    expect((await offline([...lines, trace('41', 3), trace('41', 3)], { keep: 1 })).completion.text).toBe('41')
  })

  test('votes weigh as the confidences do', async () => {
    const all = await offline([trace('41', 4), trace('41', 5), trace('42', 8), trace('40', 1)], { keep: 0.75 })
    expect(all.completion.text).toBe('41')
    const weights = votesIn(all).map(({ answer, weight }) => [answer, weight])
    expect(weights).toEqual(
      [
        ['41', 9 / 8],
        ['42', 1],
        ['40', 0],
      ].map(([a, w]) => [a, expect.closeTo(Number(w))]),
    )
  })

  test('tokens of the thinking that the upstream lists apart count, too', async () => {
    const apart = (text: string, thought: number) => {
      const logprobs = { reasoning_content: [tokenOf([-thought])], content: [tokenOf([-1])] }
      return { text, choiceExtra: { logprobs } }
    }
    expect((await offline([apart('41', 2), apart('42', 5)], { keep: 0.5 })).completion.text).toBe('42')
  })

  test('the measure decides which are the surest', async () => {
    const lines = [trace('41', 9, 9, 9, 1), trace('42', 1, 1, 5, 5)]
    const by = async (measure: NonNullable<Options>['measure']) =>
      (await offline(lines, { keep: 0.5, window: 2, measure })).completion.text
    expect(await by('mean')).toBe('41')
    expect(await by('tail')).toBe('41')
    expect(await by('lowest')).toBe('41')
    expect((await offline(lines, { keep: 0.5, window: 1, measure: 'tail' })).completion.text).toBe('42')
  })

  test('a trace that went round in circles has no vote, however sure it was', async () => {
    const circling = trace({ text: 'The answer is 41', thinking: 'Wait. Wait.', finish: 'length' }, 90)
    const { completion } = await offline([circling, circling, trace('42', 2), trace('40', 1)], { keep: 0.5 })
    expect(completion).toMatchObject({ text: '42', finish: 'stop' })
  })

  test('one that came without log-probabilities has no vote beside those that came with them', async () => {
    expect((await offline(['41', '41', '41', trace('42', 2)], { keep: 1 })).completion.text).toBe('42')
  })

  test('if none came with them all vote alike, and that is told', async () => {
    const { completion, notes } = await offline(['41', '42', '42'])
    expect(completion).toMatchObject({ text: '42', index: 1 })
    expect(notes).toContain('No log-probabilities came with the answers, so each has one vote.')
  })
})

describe('online', () => {
  const warm = [trace('41', 5), trace('42', 6), trace('43', 7), trace('44', 8)]
  const options = { n: 8, mode: 'online', warmup: 4, keep: 0.5, window: 2 } as const

  /** After the warm-up, traces whose tokens come one by one when they are let. */
  function later(answers: readonly string[], more: Options = {}) {
    const gates = times(4, gate)
    const upstream = scripted(async (call: Call) => {
      if (call.draw < 4) return warm[call.draw]!
      said[call.draw - 4] = call
      await gates[call.draw - 4]!.promise
      return trace(answers[call.draw - 4]!, ...confidences[call.draw - 4]!)
    })
    const said: Call[] = []
    const confidences: number[][] = times(4, () => [])
    const all = heard(execute(deepconf({ ...options, ...more })(upstream.model), asked, able))
    const say = (which: number, ...values: number[]) => {
      confidences[which]!.push(...values)
      said[which]!.scope.logprobs(values.map((value) => tokenOf([-value])))
    }
    return { upstream, all, say, end: (which: number) => gates[which]!.open() }
  }

  test('the warm-up comes first, and of it too only the surest vote', async () => {
    const { upstream, all, say, end } = later(['41', '41', '41', '41'])
    await upstream.until(({ calls }) => calls.length === 8)
    for (const which of [0, 1, 2, 3]) {
      say(which, 7, 7)
      end(which)
    }
    const votes = votesIn(await all)
    expect(upstream.peak).toBe(4)
    expect(votes.map(({ answer }) => answer)).toEqual(['41', '44', '43', '42'])
    expect(votes.map(({ weight }) => weight)).toEqual([28 / 8, 1, 7 / 8, 0].map((weight) => expect.closeTo(weight)))
  })

  test('a trace is cut off as soon as a full window is less sure than the warm-up’s least sure that was kept', async () => {
    const { upstream, all, say, end } = later(['41', '41', '43', '43'])
    await upstream.until(({ live, calls }) => calls.length === 8 && live === 4)
    say(0, 1)
    say(1, 7, 7, 7)
    expect(upstream.live).toBe(4)
    say(0, 13)
    say(1, 6.9)
    await upstream.until(({ live }) => live === 3)
    say(0, 0.5)
    await upstream.until(({ live }) => live === 2)
    for (const which of [2, 3]) {
      say(which, 7, 9)
      end(which)
    }
    const { completion, notes } = await all
    expect(completion.text).toBe('43')
    expect(notes.filter((note) => note.includes('cut off'))).toEqual(['Sample 6 was cut off.', 'Sample 5 was cut off.'])
    expect(notes.filter((note) => note.startsWith('Sample 5: '))).toEqual([])
  })

  test('traces that are all cut off leave the warm-up’s vote', async () => {
    const { upstream, all, say } = later(['41', '41', '41', '41'])
    await upstream.until(({ calls }) => calls.length === 8)
    for (const which of [0, 1, 2, 3]) say(which, 1, 1)
    expect((await all).completion).toMatchObject({ text: '44', finish: 'stop' })
    expect(upstream.live).toBe(0)
  })

  test('it stops when the leader has the share of the weight that is a consensus', async () => {
    const { upstream, all, say, end } = later(['44', '44', '44', '44'], { consensus: 0.7 })
    await upstream.until(({ calls }) => calls.length === 8)
    say(0, 8, 8)
    end(0)
    await upstream.until(({ live }) => live === 3)
    say(1, 8, 8)
    end(1)
    expect((await all).completion).toMatchObject({ text: '44', index: 3 })
    expect(upstream.live).toBe(0)
    expect(votesIn(await all)[0]).toMatchObject({ answer: '44', count: 3 })
  })

  test('a warm-up that agrees is enough', async () => {
    const upstream = scripted(times(8, () => trace('42', 3)))
    await execute(deepconf(options)(upstream.model), asked, able).result
    expect(upstream.calls).toHaveLength(4)
  })

  test('no more than a warm-up is under way at once, and it spends what it says at most', async () => {
    const { spent, stated } = await costOf(deepconf, { ...options, n: 12 }, warm)
    expect(spent).toEqual(stated)
    const few = await costOf(deepconf, { ...options, n: 3 }, warm)
    expect(few.spent).toEqual(few.stated)
  })

  test('an upstream that fails after the warm-up leaves its vote', async () => {
    const upstream = scripted(({ draw }) => {
      if (draw >= 4) throw new UpstreamFailed('x', 'Gone.', 502)
      return warm[draw]!
    })
    expect((await execute(deepconf(options)(upstream.model), asked, able).result).text).toBe('44')
  })

  test('a budget that ends after the warm-up leaves its vote', async () => {
    const upstream = scripted(warm)
    const execution = execute(deepconf(options)(upstream.model), asked, { ...able, limits: { calls: 4 } })
    expect(await execution.result).toMatchObject({ text: '44', finish: 'budget' })
  })

  describe('as it votes', () => voters(deepconf({ n: 3, mode: 'online', warmup: 3 }), () => 'Nothing else is asked.'))
})

test('the client gets no log-probabilities that it did not ask for', async () => {
  const { completion, upstream } = await arriving(deepconf({ n: 2 }), [trace('42', 2), trace('41', 1)])
  expect(upstream.calls[0]!.prompt.rest).toMatchObject({ logprobs: true, top_logprobs: 20 })
  expect(completion).not.toHaveProperty('choiceExtra')
  expect(completion.others?.[0]).not.toHaveProperty('choiceExtra')
})

test('it is refused where the upstream gives none', async () => {
  const upstream = scripted(['42'])
  await expect(execute(deepconf()(upstream.model), asked, context).result).rejects.toMatchObject({ status: 400 })
  expect(upstream.calls).toHaveLength(0)
})

describe('as it votes', () => voters(deepconf({ n: 3 }), () => 'Nothing else is asked.'))
