import { describe, expect, test } from 'vitest'
import { type Completion, type ExecuteOptions, execute, type Scorer, UpstreamFailed } from '#core'
import { tournament } from '../../strategies/tournament.ts'
import { heard, type Line, never, question, type Script, scripted, times } from '../helpers/scripted.ts'
import { able, asking, costOf, voters } from '../helpers/strategy.ts'

const asked = question('What is 6 times 7?')
type Better = (a: Completion, b: Completion, nth: number) => number | undefined | Promise<never>

/** A scorer that compares by what this says; each comparison costs one call of the judge. */
function comparing(better: Better) {
  const met: string[] = []
  const compare: Scorer['compare'] = async (_, a, b, { judge, scope }) => {
    met.push(`${a.text} ${b.text}`)
    const nth = met.length
    await judge(question(`Which is better, ${a.text} or ${b.text}?`), scope)
    return better(a, b, nth)
  }
  const scorer: Scorer = { score: async () => undefined, compare }
  return { met, options: { scorers: () => scorer } satisfies ExecuteOptions }
}

const play = (
  lines: readonly Line[] | Script,
  options: object,
  { options: more }: ReturnType<typeof comparing>,
  ask = asked,
  extra: ExecuteOptions = {},
) => {
  const upstream = scripted(typeof lines === 'function' ? lines : asking(lines, () => 'Hm.'))
  return heard(
    execute(tournament({ n: lines.length, ...options })(upstream.model), ask, { ...able, ...more, ...extra }),
  )
}
const value = ({ text }: Completion) => Number(text)
const higher: Better = (a, b) => Number(value(a) > value(b))

test('whoever is better in every comparison wins, wherever it was drawn and however the pairs fall', async () => {
  for (const seed of times(8, (i) => i)) {
    const lines = ['3', '1', '4', '2', '7', '5', '6'].map((_, i, all) => all[(i + seed) % 7]!)
    const { completion } = await play(lines, {}, comparing(higher), { ...asked, seed })
    expect(completion.text).toBe('7')
  }
})

test('the pairs are drawn by the seed, the same ones for the same seed', async () => {
  const met = async (seed: number) => {
    const scorer = comparing(higher)
    await play(times(8, String), {}, scorer, { ...asked, seed })
    return scorer.met.join()
  }
  expect(await met(1)).toBe(await met(1))
  expect(new Set(await Promise.all(times(5, met))).size).toBeGreaterThan(1)
})

test.each([2, 3, 5, 8])('%i candidates that all differ cost what it says', async (n) => {
  const script = asking(times(n, String), () => 'Hm.')
  const { spent, stated } = await costOf(tournament, { n, votes: 3 }, script, asked, comparing(higher).options)
  expect(spent).toEqual(stated)
})

test('candidates that agree are not compared, and all of one answer not at all', async () => {
  const scorer = comparing(higher)
  const { completion } = await play(['42', 'It is 42.', '\\boxed{42}'], {}, scorer)
  expect(completion).toMatchObject({ text: '42', index: 0 })
  expect(scorer.met).toEqual([])
  const mixed = comparing(higher)
  await play(['1', '1', '1', '2'], {}, mixed)
  for (const pair of mixed.met) expect(pair.split(' ').toSorted()).toEqual(['1', '2'])
})

describe('a tie', () => {
  test('goes to the answer with more votes', async () => {
    expect(
      (
        await play(
          ['41', '42', '42'],
          {},
          comparing(() => 0.5),
        )
      ).completion.text,
    ).toBe('42')
  })

  test('of answers with as many goes to the earlier sample', async () => {
    expect(
      (
        await play(
          times(5, String),
          {},
          comparing(() => 0.5),
        )
      ).completion.text,
    ).toBe('0')
  })

  test('is what comparisons come to that could not be read', async () => {
    expect(
      (
        await play(
          ['41', '42', '42'],
          {},
          comparing(() => undefined),
        )
      ).completion.text,
    ).toBe('42')
  })
})

test('several votes are the mean of comparisons in both orders, so that a judge of places says nothing', async () => {
  const first: Better = () => 1
  const scorer = comparing(first)
  const { completion } = await play(['41', '42'], { votes: 2 }, scorer)
  expect(scorer.met.toSorted()).toEqual(['41 42', '42 41'])
  expect(completion.text).toBe('41')
})

test('one comparison that fails costs itself alone, and when all fail the request does', async () => {
  const gone = () => Promise.reject(new UpstreamFailed('x', 'The judge is out.', 503))
  const once: Better = (a, b, nth) => (nth === 1 ? gone() : (higher(a, b, nth) as number))
  const { completion, notes } = await play(['41', '42'], { votes: 3 }, comparing(once))
  expect(completion.text).toBe('42')
  expect(notes.join()).toContain('could not be scored: The judge is out.')
  await expect(play(['41', '42'], {}, comparing(gone))).rejects.toMatchObject({ status: 503 })
})

test('when the budget ends between rounds, one that has won so far answers', async () => {
  const { completion } = await play(['4', '3', '2', '1'], {}, comparing(higher), asked, { limits: { calls: 6 } })
  expect(completion.finish).toBe('budget')
  expect(['4', '3', '2']).toContain(completion.text)
})

test('the other answers stand behind it for a client that wants several', async () => {
  const { completion } = await play(['1', '2', '2', '3'], {}, comparing(higher))
  expect([completion, ...completion.others!].map(({ text }) => text)).toEqual(['3', '2', '1'])
})

test('a client that leaves while two meet ends it', async () => {
  const client = new AbortController()
  const upstream = scripted(asking(['41', '42'], () => never))
  const { options } = comparing(higher)
  const { result } = execute(tournament({ n: 2 })(upstream.model), asked, {
    ...able,
    ...options,
    signal: client.signal,
  })
  await upstream.until(({ calls }) => calls.length === 3)
  client.abort(new Error('Enough.'))
  await expect(result).rejects.toThrow('Enough.')
  expect(upstream.live).toBe(0)
})

voters(tournament({ n: 3 }), () => 'No idea.')
