import { describe, expect, test } from 'vitest'
import { execute, UpstreamFailed } from '#core'
import { bestOfMajority } from '../../strategies/best-of-majority.ts'
import { type Call, context, heard, type Line, never, question, scripted } from '../helpers/scripted.ts'
import { asking, costOf, voters } from '../helpers/strategy.ts'

const asked = question('What is 6 times 7?')
/** What the judge says of each candidate by its text. */
const judging = (judge: (candidate: string) => Line | Promise<Line>) => (call: Call) =>
  judge(/<candidate>\n([\s\S]*)\n<\/candidate>/.exec(String(call.prompt.messages[0]?.content))![1]!)
const grades = (grade: Record<string, number>) => judging((candidate) => `Score: ${grade[candidate]}`)

const pick = (
  lines: readonly Line[],
  judge: (call: Call) => Line | Promise<Line>,
  options: Parameters<typeof bestOfMajority>[0] = {},
  limits = {},
) => {
  const upstream = scripted(asking(lines, judge))
  const way = bestOfMajority({ n: lines.length, ...options })
  return heard(execute(way(upstream.model), asked, { ...context, limits })).then((all) => ({ upstream, ...all }))
}

test('the top score wins among the answers that are frequent, and a rare favourite is out', async () => {
  const lines = ['40', '41', '41', '41', '42', '42', '42', 'So 42.']
  const { completion, upstream } = await pick(lines, grades({ '40': 10, '41': 6, '42': 3, 'So 42.': 7 }))
  expect(completion).toMatchObject({ text: 'So 42.', index: 7 })
  expect(completion.others?.map(({ text }) => text)).toEqual(['41'])
  expect(upstream.calls).toHaveLength(8 + 7)
})

test('scores do not add up: one top score beats many good ones', async () => {
  const { completion } = await pick(['41', '41', '42', '42', '42'], grades({ '41': 8, '42': 7 }))
  expect(completion).toMatchObject({ text: '41', index: 0 })
})

describe('one answer left', () => {
  test('costs no score', async () => {
    const { completion, upstream } = await pick(['41', '42', '42', '42', '40', '39', '38', '37'], () => never)
    expect(completion).toMatchObject({ text: '42', index: 1 })
    expect(upstream.calls).toHaveLength(8)
  })

  test('ends the samples still running, since no other can become frequent', async () => {
    const upstream = scripted(({ draw }) =>
      draw === 6 ? never : ['42', '41', '41', '41', '40', '41', '', '39'][draw]!,
    )
    const { result } = execute(bestOfMajority()(upstream.model), asked, context)
    expect((await result).text).toBe('41')
    expect(upstream.live).toBe(0)
  })

  test('may yet be another while votes that count more can come', async () => {
    const prose = `${'Many words about nothing in particular go here and there. '.repeat(6)}They end without one`
    const { completion } = await pick(
      [prose, prose, prose, prose, prose, '42', '41', '42'],
      grades({ '42': 1, '41': 1 }),
    )
    expect(completion.text).toBe('42')
  })
})

test.each([
  ['the most frequent ones stay', 0.9, ['40', '41', '41', '42', '42'], '42'],
  ['all stay when all are as rare', 0.9, ['40', '41', '42'], '40'],
  ['a share of nothing keeps all', 0, ['40', '41', '41', '42', '42'], '40'],
])('where no answer is frequent enough %s', async (_, alpha, lines, text) => {
  const { completion } = await pick(lines, grades({ '40': 9, '41': 2, '42': 8 }), { alpha })
  expect(completion.text).toBe(text)
})

test('it spends what it says at most', async () => {
  const { spent, stated } = await costOf(
    bestOfMajority,
    { n: 4, alpha: 0.5 },
    asking(['1', '2', '2', '1'], () => 'Score: 5'),
  )
  expect(spent).toEqual(stated)
})

describe('a judge', () => {
  test('that cannot tell anything leaves the vote', async () => {
    const { completion } = await pick(['41', '41', '41', '42', '42', '42', '42', '42'], () => 'I cannot tell.')
    expect(completion).toMatchObject({ text: '42', index: 3 })
  })

  test('that fails for one costs its score', async () => {
    const judge = judging((candidate) => {
      if (candidate === '41') throw new UpstreamFailed('x', 'Out.', 503)
      return 'Score: 0'
    })
    expect((await pick(['41', '41', '41', '42', '42', '42'], judge)).completion.text).toBe('42')
  })
})

test('a budget that ends among the scores leaves the best so far', async () => {
  const judge = judging((candidate) => (candidate === '41' ? never : 'Score: 4'))
  const { completion } = await pick(['41', '41', '41', '42', '42', '42'], judge, {}, { ms: 20 })
  expect(completion).toMatchObject({ text: '42', finish: 'budget' })
})

voters(bestOfMajority({ n: 3, alpha: 0.3 }), () => 'Score: 5')
