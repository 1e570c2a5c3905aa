import { describe, expect, test } from 'vitest'
import { particleFilter } from '../../strategies/particle-filter.ts'
import { question, scripted, times } from '../helpers/scripted.ts'
import { searched } from '../helpers/search.ts'
import { beginnings, climbing, rightness, writing } from '../helpers/stepwise.ts'

const asked = question('What is 6 times 7?', { seed: 1 })
const can = ['prefill']
const opinion = (text: string) => ({ score: rightness(text) })
const search = (options: Record<string, unknown>, upstream = scripted(climbing(4)), more = {}, seed = 1) =>
  searched(particleFilter, options, upstream, { ...asked, seed }, { can, opinion, ...more })
/** Begins by the draw, and ends with the next paragraph. */
const two = (first: (draw: number) => string) =>
  scripted(writing((text, { draw }) => (text === '' ? first(draw) : /\d/.test(text) ? undefined : `So ${text} is 42.`)))

test('the paper’s claim: drawing anew by the scores finds what hardly any sample does', async () => {
  const { completion } = await search({ n: 8 })
  expect(completion.text).toBe('right\n\nright\n\nright\n\nIt is 42.')
  expect((await search({ n: 8, steps: 1 })).completion.text).not.toContain('42')
})

describe('a particle is followed by its weight', () => {
  test('which is the odds of its score: 0.8 is drawn four times as often as 0.5', async () => {
    const followed = times(50, async (seed) => {
      const upstream = two((draw) => 'ab'[draw % 2]!)
      await search(
        { n: 10 },
        upstream,
        { opinion: (text: string) => ({ score: text.startsWith('a') ? 0.8 : 0.5 }) },
        seed,
      )
      return beginnings(upstream.calls.slice(10)).filter((text) => text === 'a\n\n').length
    })
    for (const count of await Promise.all(followed)) expect(count).toBe(8)
  })

  test('so that a low score is not the end of it', async () => {
    const upstream = two((draw) => 'ab'[draw % 2]!)
    await search({ n: 64 }, upstream, { opinion: (text: string) => ({ score: text.startsWith('a') ? 0.9 : 0.3 }) })
    const low = beginnings(upstream.calls.slice(64)).filter((text) => text === 'b\n\n').length
    expect(low).toBeGreaterThan(0)
    expect(low).toBeLessThan(6)
  })

  test('and a score of 1 leaves no other', async () => {
    const upstream = two((draw) => 'ab'[draw % 2]!)
    await search({ n: 8 }, upstream, { opinion: (text: string) => ({ score: text.startsWith('a') ? 1 : 0.5 }) })
    expect(beginnings(upstream.calls.slice(8))).toEqual(times(8, () => 'a\n\n'))
  })

  test('and a missing score weighs as the mean of the others', async () => {
    const upstream = two((draw) => 'ab'[draw % 2]!)
    await search({ n: 8 }, upstream, {
      opinion: (text: string) => (text.startsWith('a') ? { score: 0.7 } : undefined),
    })
    expect(beginnings(upstream.calls.slice(8)).filter((text) => text === 'b\n\n')).toHaveLength(4)
  })
})

test('finished particles keep their weight: they are drawn like the others, and not asked for more', async () => {
  const script = writing((text, { draw }) => {
    if (text === '') return draw < 2 ? 'It is 42.' : 'a'
    return text === 'a' ? 'It is 41.' : undefined
  })
  const upstream = scripted(script)
  const { completion, events } = await search({ n: 4 }, upstream, {
    opinion: (text: string) => ({ score: text.startsWith('It') ? 0.75 : 0.5 }),
  })
  // Odds of 3 and of 1: three of the four are drawn from the finished ones.
  expect(upstream.calls).toHaveLength(4 + 1)
  expect(completion.text).toBe('It is 42.')
  const votes = events.find(({ type }) => type === 'votes')
  // Two finished ones drawn three times weigh 0.75 * 3/4, and the other 0.5 * 1/4.
  expect(votes).toMatchObject({
    votes: {
      votes: [
        { answer: '42', count: 2 },
        { answer: '41', count: 1 },
      ],
    },
  })
  const [first, second] = votes?.type === 'votes' ? votes.votes.votes : []
  expect(first!.weight).toBeCloseTo(0.75 * 0.75)
  expect(second!.weight).toBeCloseTo(0.5 * 0.25)
})

test('argmax takes the best score', async () => {
  const upstream = () => scripted(({ draw }) => ['It is 41.', 'It is 42.', 'So 42.'][draw]!)
  const scores = { opinion: (text: string) => ({ score: text.includes('41') ? 0.9 : 0.6 }) }
  expect((await search({ n: 3 }, upstream(), scores)).completion.text).toBe('It is 42.')
  expect((await search({ n: 3, select: 'argmax' }, upstream(), scores)).completion.text).toBe('It is 41.')
})

test('the same request draws the same particles', async () => {
  const run = async () => {
    const upstream = scripted(climbing(3))
    await search({ n: 6 }, upstream)
    return beginnings(upstream.calls)
  }
  expect(await run()).toEqual(await run())
})
