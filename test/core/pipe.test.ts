import { expect, test } from 'vitest'
import { type Completion, execute, pipe, strategy, UpstreamFailed } from '#core'
import { none, selfConsistency } from '../../strategies/index.ts'
import { about, context, heard, question, scripted } from '../helpers/scripted.ts'

const asked = question('2+2?', { rest: { tools: ['t'] } })
const ask = (model: ReturnType<typeof scripted>, limits = {}) =>
  execute(pipe(none(), none())(model.model), asked, { ...context, limits })

test('the second stage sees the same question, and the answer of the first as its draft', async () => {
  const upstream = scripted(({ order }) => ['5', '4'][order]!)
  const { completion, said } = await heard(ask(upstream))
  expect(completion.text).toBe('4')
  expect(said.text).toBe('4')
  const [first, second] = upstream.calls.map(({ prompt }) => prompt)
  expect(first).toEqual(asked)
  expect(second).toMatchObject({ rest: { tools: ['t'] } })
  expect(second?.messages.slice(0, 2)).toEqual([...asked.messages, { role: 'assistant', content: '5' }])
  expect(second?.messages.at(-1)).toMatchObject({ role: 'user', content: expect.stringContaining('mistakes') })
})

test('a draft’s thinking goes nowhere', async () => {
  const upstream = scripted(({ order }) => [{ text: '5', thinking: 'secret' }, '4'][order]!)
  await ask(upstream).result
  expect(JSON.stringify(upstream.calls[1]?.prompt)).not.toContain('secret')
})

test('a draft that calls a tool is no draft: the question is asked again', async () => {
  const toolCalls = [{ id: '1', type: 'function', function: { name: 'f', arguments: '{}' } }]
  const upstream = scripted([{ text: 'Let me see.', toolCalls, finish: 'tool_calls' }])
  expect(await ask(upstream).result).toMatchObject({ toolCalls, finish: 'tool_calls' })
  expect(upstream.calls[1]?.prompt).toEqual(asked)
})

test('a budget that ends after the draft leaves the draft', async () => {
  const { completion, said } = await heard(ask(scripted(['5']), { calls: 1 }))
  expect(completion).toEqual({ text: '5', finish: 'budget' })
  expect(said.text).toBe('5')
})

test('a stage that fails, fails the pipe', async () => {
  const upstream = scripted(({ order }) => {
    if (order === 1) throw new UpstreamFailed('x', 'Gone.', 502)
    return '5'
  })
  await expect(ask(upstream).result).rejects.toMatchObject({ status: 502, message: 'Gone.' })
})

test('three stages hand on the last draft alone', async () => {
  const upstream = scripted(({ order }) => `draft ${order}`)
  const { completion, said } = await heard(
    execute(pipe(none(), selfConsistency({ n: 2 }), none())(upstream.model), asked, context),
  )
  expect(completion.text).toBe('draft 3')
  expect(said.text).toBe('draft 3')
  expect(upstream.calls.at(-1)?.prompt.messages.map(({ content }) => content)).toEqual([
    '2+2?',
    'draft 1',
    expect.any(String),
  ])
})

test('a pipe works within a strategy, and counts once for all', async () => {
  const upstream = scripted(['4'])
  const execution = execute(selfConsistency({ n: 2 })(pipe(none(), none())(upstream.model)), asked, context)
  expect(await execution.result).toMatchObject({ text: '4', index: 0 })
  expect(execution.ledger.calls).toBe(4)
  expect(execution.ledger.usage).toEqual({ input: 40, output: 20 })
})

test('a strategy may ask another model by its name', async () => {
  const other = scripted(['from the other'])
  const ask = strategy('ask', about, {}, async (run): Promise<Completion> => run.answer(run.prompt, 'other'))
  const models = (name: string) => {
    expect(name).toBe('other')
    return other.model
  }
  const { result } = execute(ask()(scripted([]).model), asked, { ...context, models })
  expect((await result).text).toBe('from the other')
  await expect(execute(ask()(scripted([]).model), asked, context).result).rejects.toMatchObject({
    status: 400,
    message: 'No model "other" is configured.',
  })
})
