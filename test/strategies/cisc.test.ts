import { describe, expect, test } from 'vitest'
import { execute, UpstreamFailed } from '#core'
import { cisc } from '../../strategies/cisc.ts'
import { type Call, context, heard, type Line, never, question, scripted, times } from '../helpers/scripted.ts'
import { asking, costOf, voters } from '../helpers/strategy.ts'

const asked = question('What is 6 times 7?', { stop: ['\n\n'], rest: { tools: ['t'], max_tokens: 8 } })
/** What the model says of how sure it is, by the answer that it is asked about. */
const sure = (reply: (answer: string) => Line | Promise<Line>) => (call: Call) =>
  reply(String(call.prompt.messages.at(-2)?.content))
const confidences = (by: Record<string, number>) => sure((answer) => `Confidence: ${by[answer]}`)

const vote = (
  lines: readonly Line[],
  other: (call: Call) => Line | Promise<Line>,
  options: Parameters<typeof cisc>[0] = {},
  limits = {},
) => {
  const upstream = scripted(asking(lines, other))
  const execution = execute(cisc({ n: lines.length, ...options })(upstream.model), asked, { ...context, limits })
  return heard(execution).then((all) => ({ upstream, ...all }))
}

test('few paths that the model is sure of outvote many that it is not', async () => {
  const { completion } = await vote(['41', '41', '41', '42', '42'], confidences({ '41': 40, '42': 95 }))
  expect(completion).toMatchObject({ text: '42', index: 3 })
})

test('confidences that are equal leave the plain vote', async () => {
  const { completion } = await vote(['41', '42', '42'], confidences({ '41': 90, '42': 90 }))
  expect(completion).toMatchObject({ text: '42', index: 1 })
})

test('votes weigh as the softmax of the confidences', async () => {
  const { events } = await vote(['41', '42'], confidences({ '41': 60, '42': 90 }), { tau: 0.25 })
  const [votes] = events.flatMap((event) => (event.type === 'votes' ? [event.votes.votes] : []))
  const [e41, e42] = [Math.exp(0.6 / 0.25), Math.exp(0.9 / 0.25)]
  const share = votes![0]!.weight / (votes![0]!.weight + votes![1]!.weight)
  expect(share).toBeCloseTo(e42 / (e41 + e42))
})

test.each([
  [0.01, '42'],
  [100, '41'],
])('with tau at %d the answer is %s: low, the surest path decides; high, the plain vote', async (tau, text) => {
  const lines = ['41', '41', '41', '42']
  expect((await vote(lines, confidences({ '41': 80, '42': 85 }), { tau })).completion.text).toBe(text)
})

test('the model is asked in the same conversation, without what shapes its answers', async () => {
  const { upstream } = await vote([{ text: '41', thinking: 'Hm.' }, '42'], () => 'Confidence: 50')
  const { prompt } = upstream.calls[2]!
  expect(prompt.messages.slice(0, 2)).toEqual([...asked.messages, { role: 'assistant', content: '41' }])
  expect(prompt).toMatchObject({ maxTokens: 2048, rest: { max_tokens: 8 } })
  expect(prompt.rest).not.toHaveProperty('tools')
  expect(prompt).not.toHaveProperty('stop')
})

describe('a decided vote costs no confidences', () => {
  test.each<[string, number, number, number]>([
    ['when it is unanimous', 0, 0.01, 8],
    ['when no confidences could turn it', 2, 1, 8],
    ['but one that they could turn does', 3, 1, 16],
    ['but a lower tau lets them turn it', 2, 0.5, 16],
  ])('%s', async (_, others, tau, calls) => {
    const lines = times(8, (i) => (i < others ? '41' : '42'))
    const { upstream, completion } = await vote(lines, confidences({ '41': 50, '42': 50 }), { tau })
    expect(upstream.calls).toHaveLength(calls)
    expect(completion.text).toBe('42')
  })

  test('and no confidences would have turned it', async () => {
    const { completion } = await vote(['41', '42', '42', '42'], confidences({ '41': 100, '42': 0 }), { tau: 0.95 })
    expect(completion.text).toBe('42')
  })
})

test('it spends what it says at most', async () => {
  const script = asking(['1', '2', '3', '4'], () => 'Confidence: 50')
  const { spent, stated } = await costOf(cisc, { n: 4 }, script)
  expect(spent).toEqual(stated)
})

describe('a reply', () => {
  test.each([
    ['Confidence: 95', '42'],
    ['I would have said Confidence: 10, but now:\n**Confidence:** 95%', '42'],
    ['95', '42'],
    ['95/100', '42'],
    ['95%.', '42'],
    ['Confidence: 10', '41'],
    ['Confidence: 200', '41'],
    ['Confidence: -95', '41'],
    ['There are 95 reasons.', '41'],
    ['', '41'],
  ])('%j about 42 makes the answer %s', async (reply, text) => {
    // Without a confidence of its own 42 weighs as much as 41 does, and 41 was first.
    const { completion } = await vote(
      ['41', '42'],
      sure((answer) => (answer === '42' ? reply : 'Confidence: 50')),
    )
    expect(completion.text).toBe(text)
  })

  test('that fails costs its own confidence only, and that is told', async () => {
    const other = sure((answer) => {
      if (answer === '41') throw new UpstreamFailed('x', 'Out.', 503)
      return `Confidence: ${answer === '42' ? 90 : 10}`
    })
    const { completion, notes } = await vote(['40', '41', '42'], other)
    expect(completion.text).toBe('42')
    expect(notes).toContain('A call failed and is done without: Out.')
  })

  test('that fails like all of them leaves the plain vote', async () => {
    const { completion } = await vote(['41', '42', '42'], () => {
      throw new UpstreamFailed('x', 'Out.', 503)
    })
    expect(completion).toMatchObject({ text: '42', index: 1 })
  })
})

test('a budget that ends among the confidences leaves the vote with those that came', async () => {
  const other = sure((answer) => (answer === '40' ? never : `Confidence: ${answer === '42' ? 90 : 10}`))
  const { completion } = await vote(['41', '42', '40'], other, {}, { ms: 20 })
  expect(completion).toMatchObject({ text: '42', finish: 'budget' })
})

test('tool calls are put before no model', async () => {
  const call = (text: string): Line => ({
    toolCalls: [{ id: text, type: 'function', function: { name: 'weather', arguments: text } }],
    finish: 'tool_calls',
  })
  const { upstream } = await vote([call('{"city":"Rome"}'), call('{"city":"Oslo"}')], () => 'Confidence: 50')
  expect(upstream.calls).toHaveLength(2)
})

voters(cisc({ n: 3 }), () => 'Confidence: 50')
