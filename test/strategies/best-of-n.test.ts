import { describe, expect, test } from 'vitest'
import { type Completion, type ExecuteOptions, execute, type Limits, type Opinion, UpstreamFailed } from '#core'
import { bestOfN } from '../../strategies/best-of-n.ts'
import { type Call, context, heard, type Line, never, question, scripted, times } from '../helpers/scripted.ts'
import { costOf } from '../helpers/strategy.ts'

const asked = question('What is 6 times 7?', { rest: { tools: ['t'] } })
const judging = ({ prompt }: Call) => String(prompt.messages[0]?.content).startsWith('Grade an answer')

/** Candidates by draw, and what the judge says of each by its text. */
const contest = (candidates: readonly Line[], judge: (candidate: string, call: Call) => Line | Promise<Line>) =>
  scripted((call) => {
    if (!judging(call)) return candidates[call.draw]!
    const words = /<candidate>\n([\s\S]*)\n<\/candidate>/.exec(String(call.prompt.messages[0]?.content))
    return judge(words![1]!, call)
  })

const pick = (
  upstream: ReturnType<typeof scripted>,
  options: Parameters<typeof bestOfN>[0] = {},
  limits: Limits = {},
  more: ExecuteOptions = {},
) => heard(execute(bestOfN(options)(upstream.model), asked, { ...context, limits, ...more }))

const grades = (grade: Record<string, number>) => (candidate: string) => `Fine.\nScore: ${grade[candidate]}`

test('by default scores of candidates that agree are added up, and the best of them answers', async () => {
  const upstream = contest(
    ['It is 41.', 'It is 42.', 'So 42.'],
    grades({ 'It is 41.': 9, 'It is 42.': 5, 'So 42.': 6 }),
  )
  const { completion, said } = await pick(upstream, { n: 3 })
  expect(completion).toMatchObject({ text: 'So 42.', index: 2, finish: 'stop' })
  expect(completion.others?.map(({ text }) => text)).toEqual(['It is 41.'])
  expect(said.text).toBe('So 42.')
})

test('argmax takes the single favourite', async () => {
  const upstream = contest(
    ['It is 41.', 'It is 42.', 'So 42.'],
    grades({ 'It is 41.': 9, 'It is 42.': 5, 'So 42.': 6 }),
  )
  const { completion } = await pick(upstream, { n: 3, select: 'argmax' })
  expect(completion.text).toBe('It is 41.')
})

test.each(['weighted', 'argmax'] as const)('equal scores go to the lowest sample (%s)', async (select) => {
  const { completion } = await pick(
    contest(['3', '1', '2'], () => 'Score: 5'),
    { n: 3, select },
  )
  expect(completion.text).toBe('3')
})

test('eight candidates are drawn and each is judged once, by the bare model', async () => {
  const upstream = contest(['1', '2', '3', '4', '5', '6', '7', '8'], () => 'Score: 5')
  await pick(upstream)
  expect(upstream.calls.filter((call) => !judging(call))).toHaveLength(8)
  expect(upstream.calls.filter(judging)).toHaveLength(8)
})

test('a judge of its own is asked where there is one', async () => {
  const upstream = scripted(({ draw }) => `${draw}`)
  const judge = scripted(['Score: 5'])
  const { result } = execute(bestOfN({ n: 2 })(upstream.model), asked, { ...context, judge: judge.model })
  await result
  expect([upstream.calls.length, judge.calls.length]).toEqual([2, 2])
})

test('a candidate is judged by what the client would see of it, and its thinking is not', async () => {
  const upstream = contest([{ text: '42', thinking: 'I am sure of it.' }, '41'], () => 'Score: 5')
  await pick(upstream, { n: 2 })
  expect(upstream.asked.join()).not.toContain('I am sure')
})

describe('a score that is missing', () => {
  test('weighs as the mean of the others', async () => {
    const upstream = contest(['1', '2', '2', '3'], (candidate) => (candidate === '2' ? 'I cannot tell.' : 'Score: 9'))
    expect((await pick(upstream, { n: 4 })).completion.text).toBe('2')
  })

  test('loses to any other by argmax', async () => {
    const upstream = contest(['1', '2'], (candidate) => (candidate === '1' ? 'I cannot tell.' : 'Score: 0'))
    expect((await pick(upstream, { n: 2, select: 'argmax' })).completion.text).toBe('2')
  })

  test('like all of them leaves a plain vote', async () => {
    const { completion, events } = await pick(
      contest(['1', '2', '2'], () => 'I cannot tell.'),
      { n: 3 },
    )
    expect(completion.text).toBe('2')
    expect(events.find(({ type }) => type === 'votes')).toMatchObject({
      votes: { votes: [{ count: 2, weight: 2 }, {}] },
    })
  })
})

describe('a judge that fails', () => {
  const refusal = (status: number) => new UpstreamFailed('overloaded', 'The judge is out.', status)

  test('costs only its own score, and that is told', async () => {
    const upstream = contest(['1', '2'], (candidate) => {
      if (candidate === '1') throw refusal(503)
      return 'Score: 1'
    })
    const { completion, notes } = await pick(upstream, { n: 2, select: 'argmax' })
    expect(completion.text).toBe('2')
    expect(notes).toContain('Sample 1 could not be scored: The judge is out.')
  })

  test('for every candidate fails the request with its own error', async () => {
    const upstream = contest(['1', '2'], () => {
      throw refusal(503)
    })
    await expect(pick(upstream, { n: 2 })).rejects.toMatchObject({ status: 503, message: 'The judge is out.' })
  })
})

describe('a budget that ends', () => {
  test('while judging answers with the best that was judged', async () => {
    const upstream = contest(['1', '2', '3'], (candidate) =>
      candidate === '3' ? never : `Score: ${candidate === '2' ? 9 : 4}`,
    )
    const { completion } = await pick(upstream, { n: 3 }, { ms: 20 })
    expect(completion).toMatchObject({ text: '2', finish: 'budget' })
    expect(upstream.live).toBe(0)
  })

  test('before any was judged answers with a vote', async () => {
    const upstream = contest(['1', '2', '2'], () => never)
    const { completion, notes } = await pick(upstream, { n: 3 }, { calls: 3 })
    expect(completion).toMatchObject({ text: '2', finish: 'budget' })
    expect(notes).toContain('The budget of calls is spent, so this is the best answer so far.')
  })

  test('answers though the judges that were asked failed', async () => {
    const upstream = contest(['1', '2'], (candidate) => {
      if (candidate === '1') throw new UpstreamFailed('x', 'Out.', 503)
      return never
    })
    expect((await pick(upstream, { n: 2 }, { ms: 20 })).completion).toMatchObject({ finish: 'budget' })
  })
})

test('the scorer agreement asks no model', async () => {
  const upstream = scripted(['It is 41.', 'It is 42.', 'So 42.'])
  const { completion } = await pick(upstream, { n: 3, scorer: 'agreement', select: 'argmax' })
  expect(completion.text).toBe('It is 42.')
  expect(upstream.calls).toHaveLength(3)
})

test('a draw that fails is left out', async () => {
  const upstream = scripted((call): Line => {
    if (judging(call)) return 'Score: 5'
    if (call.draw === 0) throw new UpstreamFailed('x', 'Gone.', 502)
    return '42'
  })
  const { completion } = await pick(upstream, { n: 2 })
  expect(completion satisfies Completion).toMatchObject({ text: '42', index: 1, finish: 'stop' })
})

describe('a scorer that passes or fails', () => {
  const checking = (
    passing: readonly string[],
    gate: boolean,
    proven: boolean,
    score = (_: string) => 1,
  ): ExecuteOptions => ({
    scorers: () => ({
      gate,
      async score(_, { text }): Promise<Opinion> {
        const pass = passing.includes(text)
        return { score: pass ? score(text) : 0, pass, ...(pass && proven ? { proven } : {}) }
      },
    }),
  })

  test('ends the search at the first candidate it proves, though most agree on something else', async () => {
    const upstream = scripted(({ draw }) => (draw < 3 ? ['41', '41', '42'][draw]! : never))
    const { completion } = await pick(upstream, { n: 8 }, {}, checking(['42'], true, true))
    expect(completion).toMatchObject({ text: '42', index: 2, finish: 'stop' })
    expect(upstream.calls).toHaveLength(8)
    expect(upstream.live).toBe(0)
  })

  test('leaves a vote among all where nothing passes', async () => {
    const { completion } = await pick(scripted(['41', '42', '42']), { n: 3 }, {}, checking([], true, true))
    expect(completion.text).toBe('42')
  })

  test('leaves a vote among the passes where it only looks at their form', async () => {
    const upstream = scripted(['40', '41', '42', '42', '40', '40'])
    const { completion } = await pick(upstream, { n: 6 }, {}, checking(['41', '42'], true, false))
    expect(completion.text).toBe('42')
  })

  test('leaves a weighted vote among the passes where it grades them too', async () => {
    const grade = (text: string) => (text === '43' ? 0.9 : 0.5)
    const upstream = scripted(['41', '41', '41', '42', '43', '42'])
    const { completion } = await pick(upstream, { n: 6 }, {}, checking(['42', '43'], false, false, grade))
    expect(completion.text).toBe('42')
    expect(completion.others?.map(({ text }) => text)).toEqual(['43'])
  })
})

test('a threshold ends the search at the first score that reaches it', async () => {
  const upstream = contest(['41', '41', '42', never as never], grades({ 41: 7, 42: 8 }))
  const { completion } = await pick(upstream, { n: 4, threshold: 0.8 })
  expect(completion.text).toBe('42')
  expect(upstream.live).toBe(0)
})

test('where most candidates are texts that cannot be voted on, the favourite among all answers', async () => {
  const essays = times(3, (i) => `The sea is wide.\n\n${'It goes on and on, and nobody knows its end. '.repeat(8 + i)}`)
  const upstream = contest(
    ['The answer is 42.', ...essays],
    (candidate) => `Score: ${candidate === essays[1]!.trim() || candidate === essays[1] ? 9 : 3}`,
  )
  const { completion } = await pick(upstream, { n: 4 })
  expect(completion.text).toBe(essays[1])
})

test('it costs what it says', async () => {
  const script = ({ prompt, draw }: Call) =>
    String(prompt.messages[0]?.content).startsWith('Grade') ? 'Score: 5' : `${draw}`
  const { spent, stated } = await costOf(bestOfN, { n: 5 }, script)
  expect(spent).toEqual(stated)
})
