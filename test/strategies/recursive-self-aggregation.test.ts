import { expect, test } from 'vitest'
import { execute, type Limits } from '#core'
import { recursiveSelfAggregation } from '../../strategies/recursive-self-aggregation.ts'
import { combining, context, costOf, framesOf, shaped, toolCall } from '../helpers/combining.ts'
import { heard, type Line, type Script, scripted, times } from '../helpers/scripted.ts'

/** The first population, and what a member of a later one makes of those it has read. */
const evolving = (first: readonly Line[], made: (read: readonly string[], order: number) => Line): Script => {
  return (call) => {
    const read = framesOf('candidate', call)
    return read.length === 0 ? first[call.draw % first.length]! : made(read, call.order)
  }
}
type Options = Parameters<typeof recursiveSelfAggregation>[0]
const evolve = async (script: Script, options: Options = {}, prompt = shaped, limits: Limits = {}) => {
  const upstream = scripted(script)
  return {
    upstream,
    ...(await heard(execute(recursiveSelfAggregation(options)(upstream.model), prompt, { ...context, limits }))),
  }
}

combining(
  recursiveSelfAggregation({ n: 3, k: 2 }),
  evolving(['41', '42', '43'], (_, order) => `${order}`),
  { calls: 9 },
)

test('it costs what it says', async () => {
  const script = evolving(['41', '42'], (_, order) => `${order}`)
  const low = await costOf(recursiveSelfAggregation, {}, script)
  expect(low).toEqual({ spent: { calls: 24, depth: 3 }, stated: { calls: 24, depth: 3 } })
  const paper = await costOf(recursiveSelfAggregation, { n: 16, k: 4, loops: 10 }, script)
  expect(paper).toEqual({ spent: { calls: 176, depth: 11 }, stated: { calls: 176, depth: 11 } })
})

test('a right answer that few reach spreads, where a vote would lose it', async () => {
  const first = ['41', '41', '42', '41', '41', '42', '41', '41']
  const { completion } = await evolve(evolving(first, (read) => (read.includes('42') ? '42' : '41')))
  expect(completion.text).toBe('42')
  expect(completion.index).toBeGreaterThanOrEqual(16)
})

test('each member has read k different ones of the loop before, in an order of its own', async () => {
  const { upstream } = await evolve(
    evolving(
      times(8, (i) => `first ${i}.`),
      (_, order) => `then ${order}.`,
    ),
    { k: 4 },
  )
  const read = upstream.calls.map((call) => framesOf('candidate', call))
  for (const frames of read.slice(8)) expect(new Set(frames).size).toBe(4)
  expect(read.slice(8, 16).flat().join()).not.toContain('then')
  expect(read.slice(16).flat().join()).not.toContain('first')
  expect(new Set(read.slice(8).map((frames) => frames.join())).size).toBeGreaterThan(8)
})

test('the same request draws the same members, and another seed others', async () => {
  const reading = async (seed: number) => {
    const { upstream } = await evolve(
      evolving(
        times(8, (i) => `${i}`),
        (_, order) => `${order}`,
      ),
      {},
      { ...shaped, seed },
    )
    return upstream.calls.map((call) => framesOf('candidate', call))
  }
  expect(await reading(1)).toEqual(await reading(1))
  expect(await reading(1)).not.toEqual(await reading(2))
})

test.each([
  ['at once', ['42', '42.0', 'So \\boxed{42}'], 3],
  ['after a loop', ['42', '41', '40'], 6],
])('it ends %s when a whole population agrees', async (_, first, calls) => {
  const { upstream, completion } = await evolve(
    evolving(first, () => '42'),
    { n: 3, k: 2, loops: 4 },
  )
  expect(completion.text).toBe('42')
  expect(upstream.calls).toHaveLength(calls)
})

test('the first answers decide a tie, at a quarter of a vote each', async () => {
  const last = ['41', '43', '42']
  const { completion, events } = await evolve(
    evolving(['42', '42', '41'], (_, order) => last[order - 3]!),
    { n: 3, k: 2, loops: 1 },
  )
  expect(completion).toMatchObject({ text: '42', index: 5 })
  const [votes] = events.flatMap((event) => (event.type === 'votes' ? [event.votes.votes] : []))
  expect(votes?.map(({ answer, weight }) => [answer, weight])).toEqual([
    ['42', 1.5],
    ['41', 1.25],
    ['43', 1],
  ])
})

test('three first answers do not outvote two of the last', async () => {
  const last = ['43', '43', '42']
  const first = ['42', '42', '42.5']
  const { completion } = await evolve(
    evolving(first, (_, order) => last[order - 3]!),
    { n: 3, k: 2, loops: 1 },
  )
  expect(completion.text).toBe('43')
})

test('whoever would read all of the population is refused before anything is asked', async () => {
  const upstream = scripted(['42'])
  const { result } = execute(recursiveSelfAggregation({ n: 3, k: 3 })(upstream.model), shaped, context)
  await expect(result).rejects.toThrow('k is 3; it must be less than n, which is 3')
  expect(upstream.calls).toEqual([])
})

test('a population of which little is left still does not read all of it', async () => {
  const { upstream } = await evolve(
    evolving(['41', '42', { text: '4', finish: 'length' }, ''], (read) => read.join()),
    { n: 4, k: 3, loops: 1 },
  )
  for (const call of upstream.calls.slice(4)) expect(framesOf('candidate', call)).toHaveLength(1)
})

test('a budget that ends in a loop leaves the vote over what is there', async () => {
  const script = evolving(['41', '42', '42', '41'], () => '43')
  const { completion } = await evolve(script, { n: 4, k: 2, loops: 3 }, shaped, { calls: 4 })
  expect(completion).toMatchObject({ text: '41', finish: 'budget' })
  const later = await evolve(script, { n: 4, k: 2, loops: 3 }, shaped, { calls: 6 })
  expect(later.completion).toMatchObject({ text: '43', finish: 'budget' })
})

test('those that call tools vote, at once or in a loop', async () => {
  const calls = [toolCall('a', '{"city":"Rome"}'), toolCall('b', '{"city":"Oslo"}'), toolCall('c', '{"city": "Oslo"}')]
  const first = await evolve(
    evolving(calls, () => 'No.'),
    { n: 3, k: 2 },
  )
  expect(first.completion).toMatchObject({ toolCalls: [{ id: 'b' }], finish: 'tool_calls' })
  expect(first.upstream.calls).toHaveLength(3)
  const later = await evolve(
    evolving(['1', '2', '3'], (_, order) => calls[order - 3]!),
    { n: 3, k: 2 },
  )
  expect(later.completion).toMatchObject({ toolCalls: [{ id: 'b' }] })
  expect(later.upstream.calls).toHaveLength(6)
})

test('an answer that breaks the schema has no vote', async () => {
  const json_schema = { schema: { type: 'object', required: ['a'], properties: { a: { type: 'number' } } } }
  const prompt = { ...shaped, rest: { response_format: { type: 'json_schema', json_schema } } }
  const last = ['{"a":"1"}', '{"a":"1"}', '{ "a": 2 }']
  const { completion } = await evolve(
    evolving(['{"a":1}', '{"a":"1"}', 'one'], (_, order) => last[order - 3]!),
    { n: 3, k: 2, loops: 1 },
    prompt,
  )
  expect(completion.text).toBe('{ "a": 2 }')
})

test('the story tells of each loop', async () => {
  const { notes } = await evolve(
    evolving(['41', '42'], () => '42'),
    { n: 2, k: 1 },
  )
  expect(notes).toEqual([
    'Sample 1: 41.',
    'Sample 2: 42.',
    'Loop 1: 2 answers, each made of 1 of the loop before.',
    'Sample 3: 42, scored 1.00.',
    'Sample 4: 42, scored 1.00.',
    'Sample 1: 41, scored 0.25.',
    'Sample 2: 42, scored 0.25.',
  ])
})
