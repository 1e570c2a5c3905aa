import { describe, expect, test } from 'vitest'
import { execute, UpstreamFailed } from '#core'
import { earlyStoppingConsistency } from '../../strategies/early-stopping-consistency.ts'
import { context, heard, type Line, question, scripted, times } from '../helpers/scripted.ts'
import { costOf, voters } from '../helpers/strategy.ts'

const asked = question('What is 6 times 7?')
const stopping = (
  lines: readonly Line[],
  options: Parameters<typeof earlyStoppingConsistency>[0] = {},
  limits = {},
) => {
  const upstream = scripted(lines)
  const execution = execute(earlyStoppingConsistency(options)(upstream.model), asked, { ...context, limits })
  return heard(execution).then((all) => ({ upstream, ...all }))
}
const cut: Line = { text: '', thinking: 'Hm', finish: 'length' }
const split = ['41', '42', '42', '42', '42']

describe('it stops after the first window', () => {
  test.each<[string, readonly Line[], number, string]>([
    ['whose answers agree', times(40, () => '42'), 5, '42'],
    ['that agrees, not before', [...split, ...split, ...times(5, () => '42')], 15, '42'],
    ['that agrees however it says so', [...split, '42', 'It is 42.', '\\boxed{42}', '42.0', '84/2'], 10, '42'],
    ['that agrees, with its answer though others have more votes', [...split, ...times(5, () => '41')], 10, '41'],
  ])('%s', async (_, lines, calls, text) => {
    const { completion, upstream } = await stopping(lines)
    expect(completion.text).toBe(text)
    expect(upstream.calls).toHaveLength(calls)
  })
})

describe('a window is not unanimous', () => {
  test.each<[string, readonly Line[]]>([
    ['in which somebody gives no answer', ['42', '42', '42', '42', ' ']],
    ['in which somebody was cut off', ['42', '42', '42', '42', cut]],
    ['in which nobody gives an answer', times(5, () => ' ')],
    ['in which all were cut off', times(5, (): Line => ({ text: 'The answer is 42', finish: 'length' }))],
  ])('%s', async (_, lines) => {
    const { upstream } = await stopping([...lines, ...times(5, () => '42')], { max: 15 })
    expect(upstream.calls).toHaveLength(10)
  })

  test('in which a sample failed', async () => {
    const upstream = scripted(({ draw }) => {
      if (draw === 2) throw new UpstreamFailed('x', 'Gone.', 502)
      return '42'
    })
    await execute(earlyStoppingConsistency()(upstream.model), asked, context).result
    expect(upstream.calls).toHaveLength(10)
  })
})

test('no window agreeing, everything drawn votes', async () => {
  const lines = ['1', '2', '1', '2', '2', '3', '3', '3', '4', '3', '2', '2']
  const { completion, upstream } = await stopping(lines, { max: 12 })
  expect(completion.text).toBe('2')
  expect(completion.others?.map(({ text }) => text)).toEqual(['3', '1', '4'])
  expect(upstream.calls).toHaveLength(12)
  expect(upstream.peak).toBe(5)
})

test('the last window may be smaller, and then it only votes', async () => {
  const { completion, upstream } = await stopping([...split, '41', '41'], { max: 7 })
  expect(completion.text).toBe('42')
  expect(upstream.calls).toHaveLength(7)
})

test('it spends what it says at most', async () => {
  const { spent, stated } = await costOf(earlyStoppingConsistency, { max: 12, window: 5 }, ['1', '2', '3', '4', '5'])
  expect(spent).toEqual(stated)
})

test('an upstream that fails later on leaves the vote so far, and is asked no more', async () => {
  const upstream = scripted(({ draw }) => {
    if (draw >= 5) throw new UpstreamFailed('x', 'Gone.', 502)
    return split[draw]!
  })
  expect((await execute(earlyStoppingConsistency()(upstream.model), asked, context).result).text).toBe('42')
  expect(upstream.calls).toHaveLength(10)
})

test('a budget that ends in the middle of a window leaves the vote so far', async () => {
  const { completion, upstream } = await stopping(split, {}, { calls: 8 })
  expect(completion).toMatchObject({ text: '42', finish: 'budget' })
  expect(upstream.calls).toHaveLength(8)
})

voters(earlyStoppingConsistency({ max: 3, window: 3 }), () => 'Nothing else is asked.')
