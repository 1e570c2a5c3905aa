import { describe, expect, test } from 'vitest'
import { lats } from '../../strategies/lats.ts'
import { type Call, question, scripted, times } from '../helpers/scripted.ts'
import { depthsOf, graded, judging, searched, treeOf } from '../helpers/search.ts'

const asked = question('What is 6 times 7?', { stop: ['END'], rest: { tools: ['t'], temperature: 1 } })
const lastWords = ({ prompt }: Call) => String(prompt.messages.at(-1)?.content)
const reflecting = (call: Call) => lastWords(call).startsWith('Suppose that this answer')
const refinedIn = ({ prompt }: Call) => prompt.messages.find(({ role }) => role === 'assistant')?.content

describe('the value of an answer', () => {
  const texts = ['It is 41.', 'It is 42.', 'So 42.', 'It is 40.', 'It is 42!']
  const valued = async (lambda: number) => {
    const upstream = graded(
      ({ draw }) => texts[draw]!,
      (candidate) => (candidate.includes('41') ? 0.9 : 0.3),
    )
    return searched(lats, { iterations: 1, lambda }, upstream, asked)
  }

  test('is lambda times its score and the rest the share of its siblings that agree', async () => {
    const { events, completion } = await valued(0.5)
    const values = treeOf(events).map(({ score }) => score)
    expect(values).toEqual([0.55, 0.45, 0.45, 0.25, 0.45].map((value) => expect.closeTo(value)))
    expect(completion.text).toBe('It is 41.')
  })

  test('is the agreement alone at 0, and the score alone at 1', async () => {
    expect((await valued(0)).completion.text).toBe('It is 42.')
    expect((await valued(1)).completion.text).toBe('It is 41.')
  })

  test('without a score is the agreement', async () => {
    const upstream = graded(
      ({ draw }) => texts[draw]!,
      () => undefined,
    )
    expect((await searched(lats, { iterations: 1 }, upstream, asked)).completion.text).toBe('It is 42.')
  })
})

describe('the paper’s claim: reflection helps,', () => {
  const learning = (heeds: boolean) =>
    graded(
      (call) => {
        if (reflecting(call)) return 'Mind the seven.'
        return heeds && lastWords(call).includes('Mind the seven.') ? 'It is 42.' : `It is ${10 + (call.order % 7)}.`
      },
      (candidate) => (candidate.includes('42') ? 0.9 : 0.2),
    )

  test('since later answers are drawn with what was learnt', async () => {
    const { completion } = await searched(lats, { n: 2, iterations: 2 }, learning(true), asked)
    expect(completion.text).toBe('It is 42.')
    expect((await searched(lats, { n: 2, iterations: 2 }, learning(false), asked)).completion.text).not.toContain('42')
  })

  test('and only the last three lessons are shown, each once more than the one before', async () => {
    const upstream = graded(
      (call) => (reflecting(call) ? `Lesson ${call.order}.` : `It is ${call.order}.`),
      () => 0.5,
    )
    await searched(lats, { n: 1, iterations: 6 }, upstream, asked)
    const shown = upstream.calls
      .filter((call) => refinedIn(call) && !reflecting(call) && !judging(call))
      .map((call) => lastWords(call).match(/Lesson/g)?.length)
    expect(shown).toEqual([1, 2, 3, 3, 3])
  })
})

test('a reflection is asked for in words, a new answer with the client’s own prompt', async () => {
  const upstream = graded(
    ({ order }) => `It is ${order}.`,
    () => 0.5,
  )
  await searched(lats, { n: 2, iterations: 2 }, upstream, asked)
  const reflection = upstream.calls.find(reflecting)!.prompt
  expect([reflection.rest, reflection.stop]).toEqual([{ temperature: 1 }, undefined])
  const again = upstream.calls.find((call) => refinedIn(call) !== undefined && !reflecting(call))!.prompt
  expect(again).toMatchObject({ stop: ['END'], rest: asked.rest })
})

describe('the tree', () => {
  const grown = async (fresh: number, gain: number, c = 1) => {
    const upstream = graded(
      (call) =>
        reflecting(call) ? 'Try.' : `${Math.max(1, Number(refinedIn(call) ?? fresh) + gain + (call.draw % 3))}`,
      (candidate) => Number(candidate) / 100,
    )
    return treeOf((await searched(lats, { n: 3, iterations: 6, c }, upstream, asked)).events)
  }

  test('grows n children at a time, each time from a leaf', async () => {
    const tree = await grown(30, 10)
    expect(tree).toHaveLength(18)
    const parents = tree.map(({ parent }) => parent)
    expect(new Set(parents).size).toBe(6)
    for (const parent of parents) expect(parents.filter((other) => other === parent)).toHaveLength(3)
  })

  test('grows deep where it pays', async () => {
    const depth = async (fresh: number, gain: number) => Math.max(...depthsOf(await grown(fresh, gain, 0)).values())
    expect(await depth(30, 10)).toBe(6)
    expect(await depth(80, -15)).toBeLessThan(4)
  })
})

test('an answer that is proven ends the search', async () => {
  const upstream = scripted(({ order }) => `${order}`)
  const opinion = (candidate: string) => ({ score: 0.5, proven: candidate === '5' })
  await searched(lats, { n: 3, iterations: 8 }, upstream, asked, { opinion })
  // Three answers, a reflection, and three answers more.
  expect(upstream.calls).toHaveLength(7)
})

test('an expansion of which all fails costs no other', async () => {
  const upstream = graded(
    ({ order }) => {
      if (order >= 5 && order < 8) throw new Error('Gone.')
      return `It is ${order}.`
    },
    () => 0.5,
  )
  const { events } = await searched(lats, { n: 2, iterations: 4 }, upstream, asked)
  expect(treeOf(events).length).toBeGreaterThanOrEqual(4)
})

test('answers that call tools vote, and are not refined', async () => {
  const call = (city: string) => ({
    toolCalls: [{ id: 'x', type: 'function', function: { name: 'weather', arguments: `{"city":"${city}"}` } }],
  })
  const upstream = graded(
    ({ draw }) => call(draw % 3 === 0 ? 'Rome' : 'Bonn'),
    (candidate) => (candidate.includes('Rome') ? 1 : 0.1),
  )
  const { completion } = await searched(lats, { n: 3, iterations: 2 }, upstream, asked)
  expect(completion.toolCalls?.[0]?.function.arguments).toBe('{"city":"Bonn"}')
  expect(upstream.calls.some((call) => refinedIn(call) !== undefined)).toBe(false)
  expect(upstream.calls.filter((call) => !judging(call))).toHaveLength(times(6, Number).length)
})
