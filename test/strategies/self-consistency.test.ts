import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Completion, execute } from '#core'
import { AnswerTally, answerOf } from '#vote'
import { selfConsistency } from '../../strategies/self-consistency.ts'
import { context, gate, heard, type Line, never, question, scripted, times } from '../helpers/scripted.ts'
import { able, asking, costOf, voters, withLogprobs } from '../helpers/strategy.ts'

const asked = question('What is 6 times 7?')
const vote = (upstream: ReturnType<typeof scripted>, n: number) =>
  execute(selfConsistency({ n })(upstream.model), asked, context)

/** The lines arrive in this order of draws. */
async function arriving(lines: readonly Line[], order: readonly number[]) {
  const gates = lines.map(gate)
  const upstream = scripted(async ({ draw }) => {
    await gates[draw]!.promise
    return lines[draw]!
  })
  const execution = vote(upstream, lines.length)
  for (const draw of order) gates[draw]!.open()
  return { upstream, ...(await heard(execution)) }
}

test('the answer that most paths reach is given, in the words and with the thoughts of its first', async () => {
  const upstream = scripted([
    'It is 41.',
    { text: 'The answer is 42.', thinking: 'Six sevens.' },
    { text: 'So: \\boxed{42}', thinking: 'Seven sixes.' },
    'It is 40.',
  ])
  const { completion, said } = await heard(vote(upstream, 4))
  expect(completion).toMatchObject({ text: 'The answer is 42.', thinking: 'Six sevens.', index: 1, finish: 'stop' })
  expect(said).toEqual({ text: 'The answer is 42.', thinking: 'Six sevens.' })
  expect(completion.others?.map(({ text }) => text)).toEqual(['It is 41.', 'It is 40.'])
})

test('sixteen paths are asked for at once, each the question itself', async () => {
  const upstream = scripted(() => never)
  const client = new AbortController()
  const { result } = execute(selfConsistency()(upstream.model), asked, { ...context, signal: client.signal })
  await upstream.until(({ live }) => live === 16)
  expect(new Set(upstream.calls.map(({ prompt }) => prompt))).toEqual(new Set([asked]))
  client.abort(new Error('Enough.'))
  await expect(result).rejects.toThrow('Enough.')
})

test('a tie goes to the lowest sample, whatever came first', async () => {
  await fc.assert(
    fc.asyncProperty(fc.shuffledSubarray(times(4, Number), { minLength: 4 }), async (order) => {
      const { completion } = await arriving(['8', '9', '9', '8'], order)
      expect(completion.text).toBe('8')
    }),
    { numRuns: 24 },
  )
})

describe('a decided vote', () => {
  test('cancels the samples that are outstanding', async () => {
    const upstream = scripted(({ draw }) => (draw % 2 === 0 || draw === 15 ? '42' : never))
    const { result } = vote(upstream, 16)
    expect((await result).text).toBe('42')
    expect(upstream.calls).toHaveLength(16)
    expect(upstream.live).toBe(0)
  })

  test('is none while a tie is still possible', async () => {
    const gates = times(4, gate)
    const upstream = scripted(async ({ draw }) => {
      await gates[draw]!.promise
      return ['7', '7', '42', '42'][draw]!
    })
    const { result } = vote(upstream, 4)
    for (const draw of [3, 2]) gates[draw]!.open()
    await upstream.until(({ live }) => live === 2)
    for (const draw of [0, 1]) gates[draw]!.open()
    expect((await result).text).toBe('7')
  })

  test('never has another winner than the full vote', async () => {
    const line = fc.oneof<fc.Arbitrary<Partial<Completion> & { text: string }>[]>(
      fc.constantFrom('1', '2', '3').map((text) => ({ text })),
      fc.constantFrom('1', '2').map((text) => ({ text, finish: 'length' as const })),
      fc.constantFrom('', ' ').map((text) => ({ text, thinking: 'Hm', finish: 'length' as const })),
      fc.constant({ text: '3', finish: 'filter' as const }),
    )
    const lines = fc.array(line, { minLength: 1, maxLength: 9 })
    const ordered = lines.chain((lines) =>
      fc.tuple(fc.constant(lines), fc.shuffledSubarray(times(lines.length, Number), { minLength: lines.length })),
    )
    await fc.assert(
      fc.asyncProperty(ordered, async ([lines, order]) => {
        const { completion } = await arriving(lines, order)
        const full = new AnswerTally(asked)
        for (const [index, line] of lines.entries()) full.add({ finish: 'stop', ...line, index })
        expect(answerOf(completion, asked)?.key).toBe(answerOf(full.winner, asked)?.key)
        expect(completion.finish).toBe(full.winner.finish)
      }),
      { numRuns: 150 },
    )
  })
})

describe('a sample that was cut off', () => {
  const cut = (text: string, thinking = 'Hm') => ({ text, thinking, finish: 'length' as const })

  test('has no vote beside one that was not', async () => {
    const { completion } = await arriving([cut('41'), cut('41'), cut('41'), '42'], [0, 1, 2, 3])
    expect(completion).toMatchObject({ text: '42', finish: 'stop' })
  })

  test('like all of them votes, and says that it was cut off', async () => {
    const { completion } = await arriving([cut('41'), cut('42'), cut('42')], [0, 1, 2])
    expect(completion).toMatchObject({ text: '42', finish: 'length' })
  })

  test('in mid-thought like all of them leaves the longest, and the thinking says why', async () => {
    const { completion, notes, said, events } = await arriving([cut('', 'a'), cut('', 'abc'), cut('', 'ab')], [0, 1, 2])
    expect(completion).toMatchObject({ text: '', thinking: 'abc', finish: 'length', index: 1 })
    expect(said.thinking).toBe('abc')
    expect(notes).toContain('Sample 1: no answer, cut off by the token limit.')
    expect(events.find(({ type }) => type === 'votes')).toMatchObject({
      votes: { votes: [], abstained: 3, agreement: 0 },
    })
  })
})

test('who gives no answer abstains, and is counted', async () => {
  const { completion, events } = await arriving(['', '', '', '42'], [0, 1, 2, 3])
  expect(completion.text).toBe('42')
  const [votes] = events.flatMap((event) => (event.type === 'votes' ? [event.votes] : []))
  expect(votes).toEqual({ votes: [{ answer: '42', count: 1, weight: 1 }], abstained: 3, agreement: 0.25 })
})

test('tool calls vote by what they ask for', async () => {
  const call = (id: string, text: string): Line => ({
    toolCalls: [{ id, type: 'function', function: { name: 'weather', arguments: text } }],
    finish: 'tool_calls',
  })
  const { completion } = await arriving(
    [call('a', '{"city":"Rome"}'), call('b', '{"city":"Oslo","days":2}'), call('c', '{ "days": 2, "city": "Oslo" }')],
    [0, 1, 2],
  )
  expect(completion).toMatchObject({ index: 1, finish: 'tool_calls', toolCalls: [{ id: 'b' }] })
})

test('the story tells each sample’s answer', async () => {
  const { notes } = await arriving(['41', '42', '42'], [2, 0, 1])
  expect(notes).toEqual(['Sample 3: 42.', 'Sample 1: 41.', 'Sample 2: 42.'])
})

test('it spends what it says', async () => {
  const { spent, stated } = await costOf(selfConsistency, { n: 4 }, ['1', '2', '3', '4'])
  expect(spent).toEqual(stated)
})

describe('weight=score', () => {
  const judged = (lines: readonly Line[]) => {
    const upstream = scripted(
      asking(lines, ({ prompt }) => `Score: ${JSON.stringify(prompt).includes('41!!') ? 9 : 2}`),
    )
    const { result } = execute(selfConsistency({ n: lines.length, weight: 'score' })(upstream.model), asked, context)
    return result.then((completion) => ({ completion, upstream }))
  }

  test('weighs each vote by its score', async () => {
    expect((await judged(['42', '42', '41, so 41!!'])).completion.text).toBe('41, so 41!!')
  })

  test('costs no score where all agree', async () => {
    expect((await judged(['42', '42', '42'])).upstream.calls).toHaveLength(3)
  })
})

describe('weight=confidence', () => {
  const sure = (line: Line) => withLogprobs(line, [[-0.1], [-0.1]])
  const unsure = (line: Line) => withLogprobs(line, [[-2], [-3]])
  const weighed = (lines: readonly Line[], prompt = asked) => {
    const upstream = scripted(lines)
    const way = selfConsistency({ n: lines.length, weight: 'confidence' })
    return heard(execute(way(upstream.model), prompt, able)).then((all) => ({ upstream, ...all }))
  }

  test('weighs each vote by the mean log-probability of its tokens', async () => {
    const { completion, events, upstream } = await weighed([unsure('41'), unsure('41'), sure('42')])
    expect(completion).toMatchObject({ text: '42', index: 2 })
    const [votes] = events.flatMap((event) => (event.type === 'votes' ? [event.votes.votes] : []))
    expect(votes!.map(({ weight }) => weight)).toEqual(
      [Math.exp(-0.1), 2 * Math.exp(-2.5)].map((w) => expect.closeTo(w)),
    )
    expect(upstream.calls[0]!.prompt.rest).toMatchObject({ logprobs: true })
  })

  test('gives one that came without the mean of the others, and all of them one vote each', async () => {
    expect((await weighed([unsure('41'), sure('40'), '42', '42'])).completion.text).toBe('42')
    expect((await weighed(['41', '42', '42'])).completion).toMatchObject({ text: '42', index: 1 })
  })

  test('is not misled by what servers write for a token that cannot come', async () => {
    expect((await weighed([sure('41'), withLogprobs('42', [[-0.01], [-9999]])])).completion.text).toBe('42')
  })

  test.each<[string, Record<string, unknown>, object | undefined]>([
    ['nothing of it', {}, undefined],
    ['the tokens alone', { logprobs: true }, { content: [{ token: 'x', logprob: -0.1, top_logprobs: [] }] }],
    [
      'as many of the likeliest as it asked for',
      { logprobs: true, top_logprobs: 1 },
      { content: [{ token: 'x', logprob: -0.1, top_logprobs: [{ token: 'x', logprob: -0.1 }] }] },
    ],
  ])('shows the client %s, like %j asks for', async (_, rest, logprobs) => {
    const lines = [withLogprobs('42', [[-0.1, -3]]), withLogprobs('41', [[-0.2, -2]])]
    const { completion } = await weighed(lines, { ...asked, rest })
    expect(completion.choiceExtra?.['logprobs']).toEqual(logprobs && expect.objectContaining(logprobs))
    expect(completion.others?.[0]?.choiceExtra === undefined).toBe(logprobs === undefined)
  })

  test('is refused, before anything is asked, where the upstream gives none', async () => {
    const upstream = scripted(['42'])
    const { result } = execute(selfConsistency({ weight: 'confidence' })(upstream.model), asked, context)
    await expect(result).rejects.toMatchObject({
      status: 400,
      message: expect.stringMatching(/^self-consistency\(weight=confidence\) needs .*log-probabilities/),
    })
    expect(upstream.calls).toHaveLength(0)
  })

  voters(selfConsistency({ n: 3, weight: 'confidence' }), () => 'Nothing else is asked.')
})

describe('weight=none', () => voters(selfConsistency({ n: 3 }), () => 'Nothing else is asked.'))
