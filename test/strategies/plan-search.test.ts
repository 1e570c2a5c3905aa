import { expect, test } from 'vitest'
import { execute, type Prompt } from '#core'
import { planSearch } from '../../strategies/plan-search.ts'
import { combining, context, costOf, framesOf, shaped, toolCall, wordsOf } from '../helpers/combining.ts'
import { type Call, heard, type Line, scripted } from '../helpers/scripted.ts'

type Stage = 'observe' | 'derive' | 'sketch' | 'answer' | 'score'

function stageOf(call: Pick<Call, 'prompt'>): Stage {
  const words = wordsOf(call)
  if (words.startsWith('Score: ')) return 'score'
  if (words.includes('short observations')) return words.includes('<observations>') ? 'derive' : 'observe'
  return words.includes('Describe in words') ? 'sketch' : 'answer'
}

type Says = Partial<Record<Stage, (call: Call, nth: number) => Line>>
const usual: Record<Stage, (call: Call) => Line> = {
  observe: () => 'Well:\n- a\n- b\n- c',
  derive: (call) => framesOf('observations', call)[0]!.replaceAll('- ', '- from '),
  sketch: (call) => `By ${framesOf('observations', call)[0]?.replaceAll('\n', ' ') ?? 'nothing'} as ${call.order}.`,
  answer: ({ order }) => `${order}`,
  score: () => '0.5',
}
const thinking = (says: Says = {}) => {
  const counts: Partial<Record<Stage, number>> = {}
  return (call: Call): Line => {
    const stage = stageOf(call)
    const nth = counts[stage] ?? 0
    counts[stage] = nth + 1
    return (says[stage] ?? usual[stage])(call, nth)
  }
}
const find = async (says: Says = {}, options: Parameters<typeof planSearch>[0] = {}, prompt: Prompt = shaped) => {
  const upstream = scripted(thinking(says))
  const heardOf = await heard(execute(planSearch(options)(upstream.model), prompt, context))
  const of = (stage: Stage) => upstream.calls.filter((call) => stageOf(call) === stage)
  return { upstream, of, ...heardOf }
}
const observed = (call: Call) => (framesOf('observations', call)[0] ?? '').split('\n').filter(Boolean)

combining(planSearch({ n: 2, subsets: 2 }), thinking(), { calls: 9, enough: 5 })

test('it costs what it says', async () => {
  const cost = await costOf(planSearch, {}, thinking())
  expect(cost).toEqual({ spent: { calls: 29, depth: 5 }, stated: { calls: 29, depth: 5 } })
})

test('observations lead to others by subsets of at most two, and subsets of those to solutions', async () => {
  const { of } = await find({}, { n: 16, subsets: 16 })
  const groups = of('derive').map(observed)
  expect(groups.map((group) => group.join(' ')).toSorted()).toEqual([
    '- a',
    '- a - b',
    '- a - c',
    '- b',
    '- b - c',
    '- c',
  ])
  const ideas = of('sketch').map(observed)
  expect(ideas).toHaveLength(16)
  for (const idea of ideas) {
    const [first, derived] = [idea.filter((one) => /^- .$/.test(one)), idea.filter((one) => !/^- .$/.test(one))]
    expect(first.length).toBeLessThanOrEqual(2)
    expect(derived.length).toBeLessThanOrEqual(2)
    for (const one of derived) expect(first.map((one) => one.replace('- ', '- from '))).toContain(one)
  }
  expect(new Set(ideas.map(String)).size).toBeGreaterThan(8)
})

test('each candidate answers by its own solution', async () => {
  const { of } = await find({}, { n: 4 })
  const sketches = of('sketch').map(({ order }) => ` as ${order}.`)
  const read = of('answer').map((call) => framesOf('solution', call)[0]!)
  expect(read.map((text) => text.slice(text.indexOf(' as ')))).toEqual(sketches)
})

test('a solution that only an observation leads to is found, where drawing again would not', async () => {
  const { completion } = await find({
    sketch: (call) => (observed(call).includes('- c') ? 'Halve it.' : 'Add it up.'),
    answer: (call) => (framesOf('solution', call)[0] === 'Halve it.' ? '42' : '41'),
    score: (call) => (wordsOf(call) === 'Score: 42' ? '0.9' : '0.1'),
  })
  expect(completion.text).toBe('42')
})

test('the same request draws the same subsets', async () => {
  const ideas = async (seed: number) => (await find({}, {}, { ...shaped, seed })).of('sketch').map(wordsOf)
  expect(await ideas(1)).toEqual(await ideas(1))
  expect(await ideas(1)).not.toEqual(await ideas(2))
})

test.each([
  ['weighted', '42'],
  ['absolute', '41'],
  ['majority', '42'],
] as const)('the candidates are chosen among by scores and votes (%s)', async (select, text) => {
  const { completion } = await find(
    { answer: (_, nth) => ['41', '42', '42'][nth]!, score: (call) => (wordsOf(call) === 'Score: 41' ? '0.9' : '0.6') },
    { n: 3, select },
  )
  expect(completion.text).toBe(text)
})

test('where no score can be read they vote', async () => {
  const { completion } = await find({ answer: (_, nth) => ['41', '42', '42'][nth]!, score: () => 'Fine.' }, { n: 3 })
  expect(completion.text).toBe('42')
})

test('candidates that call tools vote, and are not scored', async () => {
  const lines = [toolCall('a', '{"city":"Rome"}'), toolCall('b', '{"city":"Oslo"}'), toolCall('c', '{"city": "Oslo"}')]
  const { of, completion } = await find({ answer: (_, nth) => lines[nth]! }, { n: 3 })
  expect(completion).toMatchObject({ toolCalls: [{ id: 'b' }] })
  expect(of('score')).toEqual([])
})

test('without any observation the solutions are found all the same', async () => {
  const { of, completion } = await find({ observe: () => ' ' }, { n: 2 })
  expect(completion.text).not.toBe('')
  expect(of('sketch')).toHaveLength(2)
})
