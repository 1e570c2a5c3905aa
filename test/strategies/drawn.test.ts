import { expect, test } from 'vitest'
import type { Event } from '#core'
import { bestOfN } from '../../strategies/best-of-n.ts'
import { mcts } from '../../strategies/mcts.ts'
import { question } from '../helpers/scripted.ts'
import { graded, searched, treeOf } from '../helpers/search.ts'

/** What a picture of a search is drawn from: every answer, vote, score and node names the sample that it belongs to. */
const asked = question('What is 6 times 7?')

function textsBySpan(events: readonly Event[]): Map<string, string> {
  const texts = new Map<string, string>()
  for (const event of events)
    if (event.type === 'text-delta') texts.set(event.span, (texts.get(event.span) ?? '') + event.text)
  return texts
}

test('a vote names the samples that voted for each answer, and what each was found to say', async () => {
  const upstream = graded(
    ({ draw }) => (draw === 1 ? 'It is 41.' : 'It is 42.'),
    (candidate) => (candidate.includes('42') ? 1 : 0),
  )
  const { events } = await searched(bestOfN, { n: 3 }, upstream, asked)
  const texts = textsBySpan(events)
  const [votes] = events.filter((event) => event.type === 'votes')
  expect(votes?.votes.votes.map(({ answer }) => answer)).toEqual(['42', '41'])
  expect(votes?.voters.map((spans) => spans.map((span) => texts.get(span)))).toEqual([
    ['It is 42.', 'It is 42.'],
    ['It is 41.'],
  ])
  const heard = events.flatMap((event) => (event.type === 'note' && isHeard(event.data) ? [event.data] : []))
  expect(heard.map(({ sample, answer, span }) => [sample, answer, texts.get(span)])).toEqual([
    [0, '42', 'It is 42.'],
    [1, '41', 'It is 41.'],
    [2, '42', 'It is 42.'],
  ])
  const opinions = events.filter((event) => event.type === 'opinion')
  expect(new Set(opinions.map(({ of, score }) => `${texts.get(of!)} ${score}`))).toEqual(
    new Set(['It is 42. 1', 'It is 41. 0']),
  )
})

test('a node of a tree names the sample that said it', async () => {
  const upstream = graded(
    ({ order }) => `It is ${order}.`,
    () => 0.5,
  )
  const { events } = await searched(mcts, { n: 2 }, upstream, asked)
  const texts = textsBySpan(events)
  for (const { span, whole } of treeOf(events)) {
    expect(texts.get(span!)).toMatch(/^It is \d+\.$/)
    expect(whole).toBe(true)
  }
})

const isHeard = (data: unknown): data is { sample: number; answer: string; span: string } =>
  typeof data === 'object' && data !== null && 'sample' in data && 'answer' in data
