import { expect, test } from 'vitest'
import { beamSearch } from '../../strategies/beam-search.ts'
import { dvts } from '../../strategies/dvts.ts'
import { question, scripted, times } from '../helpers/scripted.ts'
import { searched, treeOf } from '../helpers/search.ts'
import { beginnings, climbing, rightness, writing } from '../helpers/stepwise.ts'

const asked = question('What is 6 times 7?')
const can = ['prefill']
const opinion = (text: string) => ({ score: rightness(text) })
const search = (options: Record<string, unknown>, upstream = scripted(climbing(4)), more = {}) =>
  searched(dvts, options, upstream, asked, { can, opinion, ...more })

test('following the best beginning of each subtree finds what hardly any sample does', async () => {
  const { completion } = await search({ n: 8, m: 4 })
  expect(completion.text).toBe('right\n\nright\n\nright\n\nIt is 42.')
  expect((await search({ n: 8, m: 4, steps: 1 })).completion.text).not.toContain('42')
})

test('the paper’s claim: the subtrees stay apart, where a beam has gone over to the one that looks best', async () => {
  // What begins with a looks a little better all along, so that no beam is left to what begins with b.
  const script = writing((text, { draw }) => {
    if (text === '') return draw < 4 ? 'a' : 'b'
    if (text.split('\n\n').length === 2) return undefined
    return text.startsWith('a') ? 'It is 41.' : 'It is 42.'
  })
  const looks = (text: string) => ({ score: text.startsWith('a') ? 0.6 : 0.55 })
  const votes = async (strategy: typeof dvts | typeof beamSearch) => {
    const found = await searched(strategy, { n: 8, m: 4 }, scripted(script), asked, { can, opinion: looks })
    return found.events
      .flatMap((event) => (event.type === 'votes' ? event.votes.votes : []))
      .map(({ answer }) => answer)
  }
  expect(await votes(dvts)).toEqual(['41', '42'])
  const beams = await searched(beamSearch, { n: 8, m: 8 }, scripted(script), asked, { can, opinion: looks })
  expect(beams.events.find(({ type }) => type === 'votes')).toMatchObject({ votes: { votes: [{ answer: '41' }] } })
})

test('each of the n / m subtrees goes on from its best beginning alone, m ways', async () => {
  const upstream = scripted(climbing(4))
  const { events } = await search({ n: 9, m: 4, steps: 2 }, upstream)
  expect(beginnings(upstream.calls)).toEqual([...times(8, () => ''), ...times(8, () => 'right\n\n')])
  const followed = treeOf(events).filter(({ pruned, node }) => !pruned && node <= 8)
  expect(followed.map(({ node }) => node)).toEqual([4, 8])
})

test('whole answers beside the best beginning vote, and a subtree whose best is whole has ended', async () => {
  const script = writing((text, { draw }) => {
    if (text === '') return ['It is 41.', 'a', 'It is 42.', 'b'][draw]
    return /^[ab]$/.test(text) ? `It is 4${draw}.` : undefined
  })
  const scores: Record<string, number> = { 'It is 41.': 0.2, a: 0.4, 'It is 42.': 0.9, b: 0.1 }
  const upstream = scripted(script)
  const { completion, events } = await search({ n: 4, m: 2 }, upstream, {
    opinion: (text: string) => ({ score: scores[text] ?? 0.3 }),
  })
  expect(completion.text).toBe('It is 42.')
  expect(beginnings(upstream.calls)).toEqual(['', '', '', '', 'a\n\n', 'a\n\n'])
  expect(events.find(({ type }) => type === 'votes')).toMatchObject({
    votes: { votes: [{ answer: '42' }, { answer: '41', count: 2 }, { answer: '40' }] },
  })
})

test('one subtree is the least', async () => {
  const upstream = scripted(climbing(2))
  await search({ n: 2, m: 4, steps: 1 }, upstream)
  expect(upstream.calls).toHaveLength(2)
})
