import { expect, test } from 'vitest'
import { execute, type Model, over, pipe, Trace, UpstreamFailed } from '#core'
import { bestOfN, none, selfConsistency } from '../../strategies/index.ts'
import { context, heard, never, question, scripted } from '../helpers/scripted.ts'

async function traced(model: Model, limits = {}): Promise<Trace> {
  const { events } = await heard(execute(model, question('?'), { ...context, limits }))
  const trace = new Trace()
  for (const event of events) trace.add(event)
  return trace
}

test('the spans are the call tree, with times and ends', async () => {
  const trace = await traced(over(scripted(['x']).model, none(), selfConsistency({ n: 1 })))
  const spans = [...trace.spans.values()]
  expect(spans.map(({ kind, name, outcome }) => `${kind} ${name} ${outcome}`)).toEqual([
    'request request done',
    'strategy self-consistency done',
    'strategy none done',
    'sample scripted done',
  ])
  for (const { span, parent, start, end } of spans) {
    expect(end).toBeGreaterThanOrEqual(start)
    if (parent) expect(trace.spans.get(parent)?.start).toBeLessThanOrEqual(start)
    expect(span.startsWith(parent)).toBe(true)
  }
})

test('samples are counted by their ends', async () => {
  const upstream = scripted(({ draw }) => {
    if (draw === 0) throw new UpstreamFailed('x', 'Gone.', 502)
    return draw < 4 ? '42' : never
  })
  const trace = await traced(selfConsistency({ n: 5 })(upstream.model))
  expect(trace.count('sample')).toEqual({ done: 3, failed: 1, cancelled: 1 })
  expect(trace.count('request')).toEqual({ done: 1, failed: 0, cancelled: 0 })
})

test('a sample that the budget did not allow was not one that failed', async () => {
  const trace = await traced(selfConsistency({ n: 5 })(scripted(({ draw }) => `${draw}`).model), { calls: 3 })
  expect(trace.count('sample')).toMatchObject({ done: 3, failed: 0 })
})

test('what a judge is asked is no sample', async () => {
  const upstream = scripted(({ prompt, draw }) => (prompt.maxTokens ? 'Score: 5' : `${draw}`))
  const trace = await traced(bestOfN({ n: 3 })(upstream.model))
  expect(trace.count('sample')).toEqual({ done: 3, failed: 0, cancelled: 0 })
  expect(trace.count('score')).toEqual({ done: 3, failed: 0, cancelled: 0 })
})

test('notes stay with the strategy that made them', async () => {
  const trace = await traced(selfConsistency({ n: 2 })(scripted(['42']).model))
  const [, strategy] = trace.spans.values()
  expect(strategy?.notes).toEqual(['Sample 1: 42.', 'Sample 2: 42.'])
})

test('the votes are those of the outermost strategy', async () => {
  const upstream = scripted(({ scope }) => `${scope.draws[0]}`)
  const trace = await traced(over(upstream.model, selfConsistency({ n: 2 }), selfConsistency({ n: 3 })))
  expect(trace.votes?.votes).toHaveLength(3)
})

test('the votes of a pipe are those on the answer, not on the draft', async () => {
  const upstream = scripted(({ prompt, draw }) => (prompt.messages.length > 1 ? 'b' : `a${draw}`))
  const trace = await traced(pipe(selfConsistency({ n: 3 }), selfConsistency({ n: 2 }))(upstream.model))
  expect(trace.votes).toEqual({ votes: [{ answer: 'b', count: 2, weight: 2 }], abstained: 0, agreement: 1 })
})

test('without a vote there are no votes', async () => {
  expect((await traced(scripted(['x']).model)).votes).toBeUndefined()
})
