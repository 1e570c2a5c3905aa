import { describe, expect, test } from 'vitest'
import { mcts } from '../../strategies/mcts.ts'
import { type Call, question, scripted } from '../helpers/scripted.ts'
import { graded, judging, searched, treeOf } from '../helpers/search.ts'

const asked = question('What is 6 times 7?', { stop: ['END'], rest: { tools: ['t'], temperature: 1 } })
const lastWords = ({ prompt }: Call) => String(prompt.messages.at(-1)?.content)
const answerIn = ({ prompt }: Call) => String(prompt.messages.find(({ role }) => role === 'assistant')?.content)
const criticising = (call: Call) => lastWords(call).startsWith('Review that answer')
const rewriting = (call: Call) => lastWords(call).includes('<review>')

/** A first answer, a critique, and what a rewriting makes of an answer. */
const improving =
  (rewrite: (from: string, call: Call) => string, first = '40') =>
  (call: Call) =>
    criticising(call) ? `Mend ${answerIn(call)}.` : rewriting(call) ? rewrite(answerIn(call), call) : first
const hundredths = (candidate: string) => Number(candidate) / 100

test('does not answer with its first sample when a rewriting is better', async () => {
  const upstream = graded(
    improving((from) => `${Number(from) + 5}`),
    hundredths,
  )
  const { completion, said } = await searched(mcts, { n: 1 }, upstream, asked)
  expect(completion.text).toBe('45')
  expect(said.text).toBe('45')
  expect(completion.others?.at(-1)?.text).toBe('40')
})

test('answers with its first sample when every rewriting is worse', async () => {
  const upstream = graded(
    improving((from, { order }) => `${Number(from) - 10 - (order % 3)}`, '80'),
    hundredths,
  )
  expect((await searched(mcts, { n: 4 }, upstream, asked)).completion.text).toBe('80')
})

test('the paper’s claim: where critique helps, each rollout helps', async () => {
  const best = async (n: number) =>
    Number(
      (
        await searched(
          mcts,
          { n },
          graded(
            improving((from) => `${Number(from) + 6}`, '10'),
            hundredths,
          ),
          asked,
        )
      ).completion.text,
    )
  const found = [await best(1), await best(4), await best(8)]
  expect(found).toEqual([16, 34, 58])
})

describe('a rollout', () => {
  test('asks for a critique in words, and for a rewriting with the client’s own prompt', async () => {
    const upstream = graded(
      improving(() => '50'),
      hundredths,
    )
    await searched(mcts, { n: 1 }, upstream, asked)
    const critique = upstream.calls.find(criticising)!.prompt
    expect([critique.rest, critique.stop, critique.maxTokens]).toEqual([{ temperature: 1 }, undefined, 4096])
    const rewriting = upstream.calls.find((call) => lastWords(call).includes('<review>'))!.prompt
    expect(rewriting).toMatchObject({ stop: ['END'], rest: asked.rest })
    expect(rewriting.maxTokens).toBeUndefined()
    expect(String(rewriting.messages.at(-1)?.content)).toContain('Mend 40.')
  })

  test('samples the reward of what it refines once more, and the worth is between the least and the mean', async () => {
    const rewards: Record<string, number[]> = { '40': [0.9, 0.3, 0.3, 0.3], '50': [0.5, 0.5, 0.5] }
    const upstream = graded(
      improving(() => '50'),
      (candidate) => rewards[candidate]!.shift()!,
    )
    // (0.3 + 0.6) / 2 is less than 0.5, though 0.9 was more.
    expect((await searched(mcts, { n: 1 }, upstream, asked)).completion.text).toBe('50')
  })

  test('that fails costs no other', async () => {
    const upstream = graded(
      improving((from, { order }) => {
        if (order < 5) throw new Error('Gone.')
        return `${Number(from) + 5}`
      }),
      hundredths,
    )
    const { completion, notes } = await searched(mcts, { n: 3 }, upstream, asked)
    expect(Number(completion.text)).toBeGreaterThan(40)
    expect(notes).toContain('An attempt failed and is left out: Gone.')
  })
})

describe('the choice of what to refine', () => {
  const tree = async (options: Record<string, unknown>, rewrite: (from: string, call: Call) => string) =>
    treeOf((await searched(mcts, options, graded(improving(rewrite), hundredths), asked)).events)

  test('never gives a node more children than allowed', async () => {
    const grown = await tree({ n: 12, children: 2 }, (_, { order }) => `${order % 40}`)
    for (const { node } of grown) expect(grown.filter(({ parent }) => parent === node).length).toBeLessThanOrEqual(2)
    expect(grown).toHaveLength(13)
  })

  test('goes on with what is better, and back to the better where rewriting made it worse', async () => {
    const better = await tree({ n: 5 }, (from) => `${Number(from) + 6}`)
    expect(better.map(({ parent }) => parent)).toEqual([0, 1, 2, 3, 4, 5])
    const worse = await tree({ n: 5 }, (from, { order }) => `${Number(from) - 10 - (order % 3)}`)
    expect(worse.slice(1, 4).map(({ parent }) => parent)).toEqual([1, 1, 1])
    expect(worse[4]!.parent).toBeGreaterThan(1)
  })

  test('goes to what was visited least where exploration is all', async () => {
    const chain = await tree({ n: 5, c: 1000 }, (from, { order }) => `${Number(from) - 10 - (order % 3)}`)
    expect(chain.map(({ parent }) => parent)).toEqual([0, 1, 2, 3, 4, 5])
  })

  test('takes a missing reward for the mean of the others, and not for 0', async () => {
    const upstream = graded(
      improving((from, { order }) => `${Number(from) + (order % 2)}`, '50'),
      (candidate, { order }) => (order > 2 ? undefined : hundredths(candidate)),
    )
    const grown = treeOf((await searched(mcts, { n: 3 }, upstream, asked)).events)
    expect(grown.map(({ score }) => score)).toEqual([0.5, undefined, undefined, undefined])
  })
})

test('an answer that is proven ends the search', async () => {
  const upstream = scripted(improving((from) => `${Number(from) + 5}`))
  const opinion = (candidate: string) => ({ score: hundredths(candidate), proven: Number(candidate) >= 45 })
  const { completion } = await searched(mcts, { n: 8 }, upstream, asked, { opinion })
  expect(completion.text).toBe('45')
  expect(upstream.calls).toHaveLength(3)
})

test('an answer that calls a tool is left as it is', async () => {
  const toolCalls = [{ id: 'x', type: 'function', function: { name: 'weather', arguments: '{}' } }]
  const upstream = graded(
    () => ({ toolCalls }),
    () => 0.5,
  )
  const { completion } = await searched(mcts, { n: 8 }, upstream, asked)
  expect(completion.toolCalls).toEqual(toolCalls)
  expect(upstream.calls.filter((call) => !judging(call))).toHaveLength(1)
})
