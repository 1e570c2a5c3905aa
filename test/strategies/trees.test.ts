import { describe, expect, test } from 'vitest'
import { cancelled, execute, over, type StrategyFactory, UpstreamFailed } from '#core'
import {
  abMcts,
  beamSearch,
  dvts,
  lats,
  mcts,
  particleFilter,
  rebase,
  rstar,
  selfConsistency,
  treeOfThoughts,
} from '../../strategies/index.ts'
import { type Call, context, never, question, scripted } from '../helpers/scripted.ts'
import { graded, judging, measured, searched, stated, treeOf } from '../helpers/search.ts'

type Row = {
  readonly factory: StrategyFactory
  readonly options: Readonly<Record<string, unknown>>
  readonly can?: readonly string[]
}
const row = (factory: unknown, options: Row['options'], can?: readonly string[]) =>
  [(factory as StrategyFactory).id, { factory: factory as StrategyFactory, options, ...(can ? { can } : {}) }] as const

/** Every search that scores, small. */
const scoring = [
  row(abMcts, { n: 6, batch: 2 }),
  row(beamSearch, { n: 4, m: 2, steps: 3 }),
  row(dvts, { n: 4, m: 2, steps: 3 }),
  row(lats, { n: 2, iterations: 3 }),
  row(mcts, { n: 3 }),
  row(particleFilter, { n: 3, steps: 3 }),
  row(rebase, { n: 4, steps: 3 }),
]
const all = [...scoring, row(rstar, { rollouts: 3, depth: 2 }), row(treeOfThoughts, { depth: 2, beam: 1 })]

const asked = question('What is 6 times 7?', { seed: 5 })
/** Says something else each time, and comes to 42 in the end. */
const thinking = ({ order }: Call) => `This is thought ${order}.\nThe answer is 42.`
const rising = (_: string, { order }: Call) => (10 + (order % 80)) / 100
const failed = (message: string) => new UpstreamFailed('overloaded', message, 503)

test.each(scoring)('%s costs what it says', async (_, { factory, options }) => {
  const { calls, depth } = await measured(factory, options, graded(thinking, rising), asked)
  expect({ calls, depth }).toEqual(stated(factory, options))
})

describe.each(all)('%s', (_, { factory, options }) => {
  const search = (upstream: ReturnType<typeof scripted>, more = {}) => searched(factory, options, upstream, asked, more)

  test('answers, and its notes tell a tree whose nodes come after their parents', async () => {
    const { completion, said, events } = await search(graded(thinking, rising))
    expect(completion.text).toContain('42')
    expect(said.text).toBe(completion.text)
    const tree = treeOf(events)
    expect(tree.length).toBeGreaterThan(1)
    const known = new Set([0])
    for (const { node, parent } of tree) {
      expect(known.has(parent)).toBe(true)
      known.add(node)
    }
  })

  test('gives the best so far whenever the budget of calls ends', async () => {
    const whole = graded(thinking, rising)
    await search(whole)
    for (let calls = 1; calls < whole.calls.length; calls++) {
      const upstream = graded(thinking, rising)
      const { completion } = await search(upstream, { limits: { calls } })
      expect(completion.text).not.toBe('')
      expect(upstream.calls.length).toBeLessThanOrEqual(calls)
    }
  })

  test('gives the best so far when time ends', async () => {
    const upstream = graded(
      (call) => (call.order < 6 ? thinking(call) : never),
      (_, { order }) => (order < 6 ? 0.5 : never),
    )
    expect((await search(upstream, { limits: { ms: 60 } })).completion.text).not.toBe('')
    expect(upstream.live).toBe(0)
  })

  test('grows the same tree for the same seed', async () => {
    const grown = async (seed: number) =>
      JSON.stringify(treeOf((await searched(factory, options, graded(thinking, rising), { ...asked, seed })).events))
    expect(await grown(1)).toBe(await grown(1))
  })

  test('does without what fails', async () => {
    const upstream = graded((call) => {
      if (call.order % 5 === 3) throw failed('Too busy.')
      return thinking(call)
    }, rising)
    expect((await search(upstream)).completion.text).toContain('42')
  })

  test('fails with the upstream’s own error where all fails', async () => {
    const upstream = scripted(() => {
      throw failed('Out of order.')
    })
    await expect(search(upstream)).rejects.toMatchObject({ status: 503, message: 'Out of order.' })
  })

  test('answers though the judge cannot be read', async () => {
    expect((await search(graded(thinking, () => undefined))).completion.text).toContain('42')
  })

  test('lets go of everything when the client leaves', async () => {
    const upstream = graded(
      (call) => (call.order < 3 ? thinking(call) : never),
      (_, { order }) => (order < 3 ? 0.5 : never),
    )
    const client = new AbortController()
    const run = execute(factory(options)(upstream.model), asked, { ...context, signal: client.signal })
    await upstream.until(({ calls }) => calls.length > 3)
    client.abort(cancelled('The client left.'))
    await expect(run.result).rejects.toThrow('The client left.')
    expect(upstream.live).toBe(0)
  })

  test('nests in a vote', async () => {
    const upstream = graded(thinking, rising)
    const model = over(upstream.model, factory(options), selfConsistency({ n: 2 }))
    const { text } = await execute(model, asked, context).result
    expect(text).toContain('42')
    const alone = graded(thinking, rising)
    await search(alone)
    expect(upstream.calls.length).toBeGreaterThan(alone.calls.length)
  })

  test('keeps to a format that was asked for', async () => {
    const upstream = graded(({ order }) => `{"thought":${order}}`, rising)
    const prompt = question('?', { rest: { response_format: { type: 'json_object' } } })
    const { completion } = await searched(factory, options, upstream, prompt)
    expect(JSON.parse(completion.text)).toHaveProperty('thought')
  })

  test('answers with a call of a tool where that is the answer', async () => {
    const toolCalls = [{ id: 'x', type: 'function', function: { name: 'weather', arguments: '{"city":"Rome"}' } }]
    const shapes = ({ prompt }: Call) => prompt.rest?.['tools'] !== undefined
    const upstream = graded((call) => (shapes(call) ? { toolCalls } : thinking(call)), rising)
    const prompt = question('Weather in Rome?', { rest: { tools: ['weather'] } })
    const { completion } = await searched(factory, options, upstream, prompt)
    expect(completion.toolCalls).toEqual(toolCalls)
  })

  test('never shows thinking to a model', async () => {
    const upstream = graded((call) => ({ text: thinking(call), thinking: 'A secret.' }), rising)
    await search(upstream)
    expect(JSON.stringify(upstream.calls.map(({ prompt }) => prompt))).not.toContain('secret')
  })
})

describe.each(scoring)('%s', (_, { factory, options }) => {
  test('fails with the judge’s own error where every judge fails', async () => {
    const upstream = scripted((call) => {
      if (judging(call)) throw failed('The judge is out.')
      return thinking(call)
    })
    await expect(searched(factory, options, upstream, asked)).rejects.toMatchObject({ message: 'The judge is out.' })
  })

  test('does without a judge that fails at times', async () => {
    const upstream = graded(thinking, (_, { order }) => {
      if (order % 3 === 0) throw failed('Too busy.')
      return 0.5
    })
    expect((await searched(factory, options, upstream, asked)).completion.text).toContain('42')
  })
})
