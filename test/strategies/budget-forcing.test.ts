import { expect, test } from 'vitest'
import { evaluate, execute, type Limits, over, type Prompt, UpstreamFailed } from '#core'
import { budgetForcing } from '../../strategies/budget-forcing.ts'
import { selfConsistency } from '../../strategies/self-consistency.ts'
import { context, gate, heard, type Line, never, question, scripted } from '../helpers/scripted.ts'

const asked = question('What is 6 times 7?', { stop: ['END'], rest: { top_p: 0.9 } })
const able = { ...context, can: async () => true }
const force = (upstream: ReturnType<typeof scripted>, options = {}, limits: Limits = {}) =>
  heard(execute(budgetForcing(options)(upstream.model), asked, { ...able, limits }))

/** A model that is right once it has waited so often. */
const slow = (needs: number, more: Partial<Exclude<Line, string>> = {}) =>
  scripted(({ prompt }) => {
    const waited = soFar(prompt).match(/\nWait/g)?.length ?? 0
    return {
      thinking: waited === 0 ? 'Six, seven: 41.' : `, no. (${waited})`,
      text: waited < needs ? '41' : '42',
      ...more,
    }
  })
const soFar = ({ continues, messages }: Prompt) => (continues ? String(messages.at(-1)?.content) : '')

test.each([0, 1, 2, 6])('with %i waits the thinking is opened so often, and the last answer counts', async (waits) => {
  const upstream = slow(waits)
  const { completion, said } = await force(upstream, { waits })
  expect(completion.text).toBe('42')
  expect(said).toEqual({ text: completion.text, thinking: completion.thinking })
  expect(completion.thinking?.match(/\nWait, no\. \(\d\)/g) ?? []).toHaveLength(waits)
  expect(upstream.calls).toHaveLength(evaluate(budgetForcing.about.calls, { waits }))
  expect(upstream.peak).toBe(1)
})

test('the prompt stays the client’s, with the thinking so far as the beginning of the reply', async () => {
  const upstream = slow(1)
  await force(upstream)
  expect(upstream.calls[1]?.prompt).toEqual({
    ...asked,
    messages: [...asked.messages, { role: 'assistant', content: '<think>\nSix, seven: 41.\nWait' }],
    continues: true,
  })
})

test('the last thoughts and the answer are heard as they come', async () => {
  const more = gate()
  const upstream = scripted(async ({ prompt, speak }) => {
    if (!prompt.continues) return { thinking: 'Hm.', text: '41' }
    speak('It ')
    await more.promise
    return 'It is 42.'
  })
  const tail: string[] = []
  const { events } = execute(budgetForcing()(upstream.model), asked, able)
  for await (const event of events) {
    if ((event.type !== 'text-delta' && event.type !== 'thinking-delta') || !event.tail) continue
    tail.push(event.text)
    if (event.text === 'It ') more.open()
  }
  expect(tail).toEqual(['Hm.\nWait', 'It ', 'is 42.'])
})

test('an upstream that cannot go on with a reply is refused before anything is asked', async () => {
  const upstream = slow(1)
  const { result } = execute(budgetForcing()(upstream.model), asked, context)
  await expect(result).rejects.toMatchObject({ status: 400, message: expect.stringContaining('budget-forcing needs') })
  expect(upstream.calls).toHaveLength(0)
})

test('a model that does not show its thinking is answered with as it is', async () => {
  const upstream = scripted(['41'])
  const { completion, notes } = await force(upstream, { waits: 3 })
  expect(completion.text).toBe('41')
  expect(notes.join()).toMatch(/does not show its thinking/)
  expect(upstream.calls).toHaveLength(1)
})

test('thinking that was cut off is ended, and answered from', async () => {
  const upstream = scripted(({ prompt }) =>
    prompt.continues ? '42' : { text: '', thinking: 'Six sev', finish: 'length' },
  )
  const { completion, said } = await force(upstream, { waits: 3 })
  expect(completion).toMatchObject({ text: '42', thinking: 'Six sev', finish: 'stop' })
  expect(said).toEqual({ text: '42', thinking: 'Six sev' })
  expect(upstream.calls).toHaveLength(2)
  expect(soFar(upstream.calls[1]!.prompt)).toBe('<think>\nSix sev\n</think>\n\n')
})

test.each<[string, () => Line]>([
  [
    'fails',
    () => {
      throw new UpstreamFailed('gone', 'Gone.', 502)
    },
  ],
  ['says nothing', () => ({ text: '', thinking: 'I go in circles', finish: 'length' })],
])('where thinking on %s the answer before stands', async (_, on) => {
  const upstream = scripted(({ order }) => (order < 2 ? { thinking: 'Hm.', text: `4${order}` } : on()))
  const { completion } = await force(upstream, { waits: 3 })
  expect(completion).toMatchObject({ text: '41', finish: 'stop' })
})

test('a first thought that fails fails the request', async () => {
  const gone = new UpstreamFailed('gone', 'Gone.', 502)
  await expect(force(scripted(() => Promise.reject(gone)))).rejects.toBe(gone)
})

test('a budget that ends in the middle answers with what was thought so far', async () => {
  const { completion } = await force(slow(1), { waits: 3 }, { calls: 2 })
  expect(completion).toMatchObject({ text: '42', finish: 'budget' })
})

test('thinking may end in the call of a tool', async () => {
  const toolCalls = [{ id: '1', type: 'function', function: { name: 'f', arguments: '{}' } }]
  const { completion } = await force(slow(1, { text: '', toolCalls, finish: 'tool_calls' }))
  expect(completion).toMatchObject({ toolCalls, finish: 'tool_calls' })
})

test('a client that leaves ends it', async () => {
  const upstream = scripted(({ order }) => (order === 0 ? { thinking: 'Hm.', text: '41' } : never))
  const client = new AbortController()
  const { result } = execute(budgetForcing()(upstream.model), asked, { ...able, signal: client.signal })
  await upstream.until(({ calls, live }) => calls.length === 2 && live === 1)
  client.abort(new Error('Enough.'))
  await expect(result).rejects.toThrow('Enough.')
  expect(upstream.live).toBe(0)
})

test('voters may think longer each, and keep all that they thought', async () => {
  const model = over(slow(1).model, budgetForcing(), selfConsistency({ n: 3 }))
  const { completion } = await heard(execute(model, asked, able))
  expect(completion).toMatchObject({ text: '42', thinking: 'Six, seven: 41.\nWait, no. (1)' })
})
