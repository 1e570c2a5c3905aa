import { describe, expect, test } from 'vitest'
import { execute } from '#core'
import { shortMAtK } from '../../strategies/short-m-at-k.ts'
import {
  type Call,
  context,
  type Gate,
  gate,
  heard,
  type Line,
  question,
  scripted,
  times,
} from '../helpers/scripted.ts'
import { arriving, costOf, voters } from '../helpers/strategy.ts'

const asked = question('What is 6 times 7?')

/** Models that think aloud and are told when to begin their answer, when to end it, and when to think on. */
function thinkers(k: number, m: number, answers: readonly Line[], thought = (draw: number) => `Thought ${draw}.`) {
  const begin = times(k, gate)
  const end = times(k, gate)
  const on = times(k, gate)
  const upstream = scripted(async ({ scope, draw, speak }: Call) => {
    scope.thinking(thought(draw))
    on[draw]!.promise.then(() => scope.thinking(' Wait.'))
    await begin[draw]!.promise
    speak('So: ')
    await end[draw]!.promise
    return {
      thinking: thought(draw),
      ...(typeof answers[draw] === 'string' ? { text: `So: ${answers[draw]}` } : answers[draw]),
    }
  })
  const execution = execute(shortMAtK({ k, m })(upstream.model), asked, context)
  const open = (gates: readonly Gate[]) => async (draw: number) => {
    gates[draw]!.open()
    await new Promise((resolve) => setTimeout(resolve, 0))
  }
  return { upstream, execution, all: heard(execution), begin: open(begin), end: open(end), on: open(on) }
}

test('the m that finish thinking first vote, and the others are ended while these still write', async () => {
  const { upstream, all, begin, end, on } = thinkers(5, 3, ['41', '42', '41', '42', '41'])
  await upstream.until(({ live }) => live === 5)
  for (const draw of [1, 3, 0]) await begin(draw)
  await end(1)
  for (const draw of [2, 4]) await on(draw)
  expect(upstream.live).toBe(2)
  for (const draw of [0, 3]) await end(draw)
  const { completion, notes } = await all
  expect(completion).toMatchObject({ text: 'So: 42', index: 1 })
  expect(notes.filter((note) => note.includes('cut off'))).toEqual(['Sample 3 was cut off.', 'Sample 5 was cut off.'])
  expect(upstream.calls).toHaveLength(5)
})

test('one that finishes thinking later has no vote, though it is written sooner', async () => {
  const written: Line = { text: 'So: ', thinking: '' }
  const { upstream, all, begin, end } = thinkers(4, 2, ['42', '42', written, written])
  await upstream.until(({ live }) => live === 4)
  for (const draw of [0, 1, 2, 3]) await begin(draw)
  for (const draw of [0, 2, 3, 1]) await end(draw)
  const { completion, notes } = await all
  expect(completion).toMatchObject({ text: 'So: 42', index: 0 })
  expect(notes).toEqual(['Sample 1: 42.', 'Sample 2: 42.'])
})

test('silent samples are ended when the vote is over', async () => {
  const { upstream, all, begin, end } = thinkers(4, 1, ['41', '42', '41', '41'])
  await upstream.until(({ live }) => live === 4)
  await begin(1)
  await end(1)
  expect((await all).completion.text).toBe('So: 42')
  expect(upstream.live).toBe(0)
})

test('if those that were first abstain, the next to finish has the vote', async () => {
  const filtered: Line = { text: 'So: ', finish: 'filter' }
  const { upstream, all, begin, end, on } = thinkers(4, 2, [filtered, '42', filtered, '41'])
  await upstream.until(({ live }) => live === 4)
  for (const draw of [0, 2]) await begin(draw)
  for (const draw of [0, 2]) await end(draw)
  await on(1)
  expect(upstream.live).toBe(2)
  await begin(1)
  await end(1)
  expect((await all).completion).toMatchObject({ text: 'So: 42', index: 1 })
  expect(upstream.live).toBe(0)
})

test('a tie goes to the shortest thinking, and so does the choice among those who agree', async () => {
  const thought = (draw: number) => 'Hm. '.repeat([9, 7, 3, 5][draw]!)
  const { upstream, all, begin, end } = thinkers(4, 4, ['41', '41', '42', '42'], thought)
  await upstream.until(({ live }) => live === 4)
  for (const draw of [0, 1, 2, 3]) await begin(draw)
  for (const draw of [0, 1, 3, 2]) await end(draw)
  const { completion } = await all
  expect(completion).toMatchObject({ text: 'So: 42', index: 2 })
  expect(completion.others?.map(({ text }) => text)).toEqual(['So: 41'])
})

describe('a model that does not think aloud', () => {
  test('gives the vote to the first m that are complete', async () => {
    const { completion, upstream } = await arriving(
      shortMAtK({ k: 6, m: 3 }),
      ['41', '41', '41', '42', '40', '42'],
      [3, 4, 5],
    )
    expect(completion).toMatchObject({ text: '42', index: 3 })
    expect(upstream.live).toBe(0)
  })

  test('gives it to the next where those abstain', async () => {
    const { completion } = await arriving(shortMAtK({ k: 5, m: 2 }), ['41', '', '42', '', '41'], [1, 3, 2])
    expect(completion).toMatchObject({ text: '42', index: 2 })
  })
})

test('eight think and three vote by default; with fewer than m all vote', async () => {
  const { spent, stated } = await costOf(shortMAtK, {}, ['42'])
  expect(spent).toEqual(stated)
  expect(spent.calls).toBe(8)
  expect((await arriving(shortMAtK({ k: 3, m: 9 }), ['41', '42', '42'])).completion.text).toBe('42')
})

voters(shortMAtK({ k: 3, m: 3 }), () => 'Nothing else is asked.')
