import { expect, test } from 'vitest'
import { execute, over } from '#core'
import { chainOfThought } from '../../strategies/chain-of-thought.ts'
import { selfConsistency } from '../../strategies/self-consistency.ts'
import { context, gate, heard, type Line, question, scripted } from '../helpers/scripted.ts'

const asked = question('What is 6 times 7?', { rest: { max_tokens: 100 } })
const think = async (line: Line, prompt = asked) => {
  const upstream = scripted([line])
  return { upstream, ...(await heard(execute(chainOfThought()(upstream.model), prompt, context))) }
}

test('one call asks for thoughts between tags behind the question, and leaves all else as it is', async () => {
  const { upstream, completion } = await think({ text: '42', thinking: 'Six sevens.' })
  expect(completion).toEqual({ text: '42', thinking: 'Six sevens.', finish: 'stop' })
  expect(upstream.calls).toHaveLength(1)
  const { messages, ...rest } = upstream.calls[0]!.prompt
  expect(rest).toEqual({ rest: { max_tokens: 100 } })
  expect(messages).toHaveLength(1)
  expect(messages[0]?.content).toMatch(/^What is 6 times 7\?\n\n[\s\S]*between <think> and <\/think>/)
})

test('the answer streams as it is said', async () => {
  const more = gate()
  const upstream = scripted(async ({ speak }) => {
    speak('It ')
    await more.promise
    return 'It is 42.'
  })
  for await (const event of execute(chainOfThought()(upstream.model), asked, context).events)
    if (event.type === 'text-delta' && event.tail && event.text === 'It ') more.open()
})

test.each<[string, Line, string]>([
  [
    'in a block that was never closed ends with the answer',
    { text: '', thinking: 'Six sevens.\n\nIt is 42.' },
    'It is 42.',
  ],
  ['without any thoughts is the answer', '42', '42'],
  ['cut off while thinking has no answer', { text: '', thinking: 'Six\n\nsev', finish: 'length' }, ''],
])('what comes %s', async (_, line, text) => {
  const { completion, said } = await think(line)
  expect(completion.text).toBe(text)
  expect(said).toEqual({ text, thinking: completion.thinking ?? '' })
})

test('a call of a tool stays one, and JSON is asked for without a frame', async () => {
  const toolCalls = [{ id: '1', type: 'function', function: { name: 'f', arguments: '{}' } }]
  const { completion } = await think({ text: '', thinking: 'Hm.', toolCalls, finish: 'tool_calls' })
  expect(completion).toMatchObject({ text: '', toolCalls })
  const json = { ...asked, rest: { response_format: { type: 'json_object' } } }
  const { upstream } = await think('{"a":1}', json)
  expect(upstream.calls[0]?.prompt).toEqual(json)
})

test('voters may each think in the frame', async () => {
  const upstream = scripted(['It is 41.', 'It is 42.', '42'])
  const model = over(upstream.model, chainOfThought(), selfConsistency({ n: 3 }))
  expect((await heard(execute(model, asked, context))).completion.text).toBe('It is 42.')
})
