import { expect, test } from 'vitest'
import { rebase } from '../../strategies/rebase.ts'
import { question, scripted, times } from '../helpers/scripted.ts'
import { searched, treeOf } from '../helpers/search.ts'
import { beginnings, climbing, rightness, writing } from '../helpers/stepwise.ts'

const asked = question('What is 6 times 7?')
const can = ['prefill']
const opinion = (text: string) => ({ score: rightness(text) })
const search = (options: Record<string, unknown>, upstream = scripted(climbing(4)), more = {}) =>
  searched(rebase, options, upstream, asked, { can, opinion, ...more })

test('the paper’s claim: more ways on for better beginnings find what hardly any sample does', async () => {
  const { completion } = await search({ n: 8 })
  expect(completion.text).toBe('right\n\nright\n\nright\n\nIt is 42.')
  expect((await search({ n: 8, steps: 1 })).completion.text).not.toContain('42')
})

test('the ways on are shared out by the softmax of the scores, at a balance of 0.2', async () => {
  const scores: Record<string, number> = { a: 0.6, b: 0.1, c: 0.8 }
  const script = writing((text, { draw }) =>
    text === '' ? 'abc'[draw % 3]! : /\d/.test(text) ? undefined : 'It is 42.',
  )
  const upstream = scripted(script)
  const { events } = await search({ n: 3 }, upstream, { opinion: (text: string) => ({ score: scores[text] ?? 0.5 }) })
  // Of three the best gets ceil(3 * 0.72), and the next all that is left.
  expect(beginnings(upstream.calls)).toEqual(['', '', '', 'c\n\n', 'c\n\n', 'c\n\n'].toSorted())
  expect(
    treeOf(events)
      .filter(({ pruned }) => pruned)
      .map(({ node }) => node),
  ).toEqual([1, 2])
  const even = scripted(script)
  await search({ n: 3, balance: 10 }, even, { opinion: (text: string) => ({ score: scores[text] ?? 0.5 }) })
  expect(beginnings(even.calls.slice(3)).toSorted()).toEqual(['a\n\n', 'c\n\n', 'c\n\n'])
})

test('whole answers take their part of the width with them', async () => {
  const script = writing((text, { draw }) => {
    if (text === '') return draw < 3 ? `It is 4${draw}.` : 'a'
    return text === 'a' ? 'It is 42.' : undefined
  })
  const upstream = scripted(script)
  const { completion } = await search({ n: 6 }, upstream, { opinion: () => ({ score: 0.5 }) })
  expect(upstream.calls).toHaveLength(6 + 3)
  expect(completion.text).toContain('42')
})

test('beginnings without a score get their ways on as the mean of the others', async () => {
  const script = writing((text, { draw }) => (text === '' ? 'abc'[draw]! : /\d/.test(text) ? undefined : 'It is 42.'))
  const upstream = scripted(script)
  await search({ n: 3, balance: 10 }, upstream, {
    opinion: (text: string) => (text === 'a' ? { score: 0.9 } : undefined),
  })
  expect(beginnings(upstream.calls.slice(3)).toSorted()).toEqual(['a\n\n', 'b\n\n', 'c\n\n'])
})

test('at the last step all answers are written to their end', async () => {
  const upstream = scripted(climbing(2))
  await search({ n: 4, steps: 2 }, upstream)
  expect(upstream.calls.map(({ prompt }) => prompt.stop !== undefined)).toEqual([
    ...times(4, () => true),
    ...times(4, () => false),
  ])
})
