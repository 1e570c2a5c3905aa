import { describe, expect, test } from 'vitest'
import { grownOf } from '../../page/src/search/grown.ts'
import { lanesOf } from '../../page/src/search/lanes.ts'
import { Search } from '../../page/src/search/search.ts'
import type { Happened } from '../../src/http/traces/shape.ts'
import { tree, vote } from './synthetic.ts'

const until = (events: readonly Happened[], ms: number) =>
  new Search(events.filter(({ at }) => at <= events[0]!.at + ms))

describe('a vote', () => {
  const events = vote(64, ['4964', '5864', '4864'])

  test('grows while the samples come in, and keeps each answer its letter', () => {
    const early = until(events, 1000)
    const late = new Search(events)
    expect(early.ended).toBe(false)
    expect(early.samples).toEqual({ all: 64, running: 48 })
    expect(early.heard).toBe(15)
    expect(early.winner).toBeUndefined()
    const places = ({ groups }: Search) => groups.map(({ answer, place }) => [answer, place])
    expect(new Map(places(late) as [string, number][])).toEqual(new Map(places(early) as [string, number][]))
    expect(late.heard).toBe(61)
    expect(late.winner?.answer).toBe('4964')
    expect(late.agreement).toBeGreaterThan(0.5)
  })

  test('counts calls and tokens, which are a guess until the upstream has said them', () => {
    const { calls, tokens } = new Search(events)
    expect({ calls, tokens }).toEqual({ calls: 64, tokens: { count: 6100, exact: true } })
    const heard = events.filter(({ type }) => type !== 'usage')
    expect(new Search(heard).tokens.exact).toBe(false)
  })

  test('has a lane for each sample that runs beside the others', () => {
    const { bars, count } = lanesOf(new Search(events).root)
    expect(count).toBe(64)
    expect(new Set(bars.map(({ lane }) => lane)).size).toBe(64)
  })

  test('whose answers were found to be the same in other words is counted as such', () => {
    const strategy = '/request.0/self-consistency.0'
    const words = vote(8, ['1,200', '1200']).map((event) =>
      event.type === 'votes'
        ? {
            ...event,
            votes: { votes: [{ answer: '1200', count: 5, weight: 5 }], abstained: 0, agreement: 1 },
            voters: [[0, 1, 2, 3, 4].map((sample) => `${strategy}/m.${sample}`)],
          }
        : event,
    )
    const { groups, agreement } = new Search(words)
    expect(groups.map(({ answer, spans }) => [answer, spans.length])).toEqual([['1200', 5]])
    expect(agreement).toBe(1)
  })

  test('without its words still has its counts', () => {
    const bare = events.flatMap((event): Happened[] => {
      if (event.type === 'text-delta') return []
      return event.type === 'note' ? [{ ...event, text: '', data: { sample: 1, span: 'x' } }] : [event]
    })
    const search = new Search(bare)
    expect(search.groups.map(({ answer }) => answer)).toEqual(new Search(events).groups.map(({ answer }) => answer))
    expect(search.heard).toBe(61)
    expect(search.story).toEqual([])
  })
})

describe('lanes', () => {
  const at = Date.UTC(2026, 0, 1)
  const span = (
    id: string,
    kind: 'request' | 'strategy' | 'sample' | 'score',
    from: number,
    to: number,
  ): Happened[] => [
    {
      type: 'span-start',
      span: id,
      parent: id.slice(0, id.lastIndexOf('/')),
      kind,
      name: id,
      tail: false,
      at: at + from,
    },
    { type: 'span-end', span: id, outcome: 'done', at: at + to },
  ]
  const lanes = (...events: readonly (readonly Happened[])[]) =>
    lanesOf(new Search(events.flat().toSorted((a, b) => a.at - b.at)).root)

  test('are shared by what runs one after another', () => {
    const { count, bars } = lanes(
      span('/r', 'request', 0, 90),
      span('/r/s', 'strategy', 0, 90),
      span('/r/s/a', 'sample', 0, 10),
      span('/r/s/b', 'sample', 10, 40),
      span('/r/s/c', 'sample', 20, 50),
    )
    expect(count).toBe(2)
    expect(bars.map(({ span: { id }, lane }) => [id.at(-1), lane])).toEqual([
      ['a', 0],
      ['b', 0],
      ['c', 1],
    ])
  })

  test('of a strategy within a strategy stay together in a frame', () => {
    const { count, frames } = lanes(
      span('/r', 'request', 0, 90),
      span('/r/s', 'strategy', 0, 90),
      span('/r/s/x', 'strategy', 0, 50),
      span('/r/s/x/a', 'sample', 1, 50),
      span('/r/s/x/b', 'sample', 1, 50),
      span('/r/s/y', 'strategy', 0, 50),
      span('/r/s/y/c', 'sample', 1, 50),
    )
    expect(count).toBe(3)
    expect(frames.map(({ span: { id }, lane, height }) => [id.at(-1), lane, height])).toEqual([
      ['x', 0, 2],
      ['y', 2, 1],
    ])
  })
})

describe('a tree', () => {
  const search = new Search(tree(200))
  const grown = grownOf(search)

  test('has every node once, after its parent and one step further', () => {
    expect(grown).toHaveLength(201)
    for (const { x, parent } of grown) expect(x).toBe(parent ? parent.x + 1 : 0)
  })

  test('lets no two nodes lie on one another', () => {
    expect(new Set(grown.map(({ x, y }) => `${x} ${y}`)).size).toBe(grown.length)
  })

  test('shows one way to the best of the deepest nodes that were followed', () => {
    const way = grown.filter(({ chosen }) => chosen)
    const deepest = Math.max(...grown.filter(({ node }) => !node.pruned).map(({ x }) => x))
    expect(way.map(({ x }) => x)).toEqual(Array.from({ length: deepest + 1 }, (_, x) => x))
    const rivals = grown.filter(({ x, node }) => x === deepest && !node.pruned).map(({ node }) => node.score ?? 0)
    expect(way.at(-1)!.node.score).toBe(Math.max(...rivals))
  })

  test('is there from its first node on', () => {
    expect(grownOf(until(tree(200), 100)).length).toBeGreaterThan(1)
    expect(grownOf(until(tree(200), 10))).toEqual([])
  })
})
