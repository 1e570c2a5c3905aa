import { expect, test } from 'vitest'
import { execute, over } from '#core'
import { cotReflection } from '../../strategies/cot-reflection.ts'
import { selfConsistency } from '../../strategies/self-consistency.ts'
import { context, heard, type Line, question, scripted } from '../helpers/scripted.ts'

const asked = question('What is 6 times 7?')
const reflect = async (line: Line, prompt = asked) => {
  const upstream = scripted([line])
  const execution = execute(cotReflection()(upstream.model), prompt, context)
  return { upstream, ...(await heard(execution)) }
}

const thoughts = 'Six sevens.\n<reflection>\nRight.\n</reflection>'

test.each<[string, Line, string, string | undefined]>([
  ['the whole frame', `<thinking>\n${thoughts}\n</thinking>\n<output>\nIt is 42.\n</output>`, 'It is 42.', thoughts],
  ['a frame whose thinking was split off', { thinking: thoughts, text: '<output>42</output>' }, '42', thoughts],
  [
    'a reflection outside the thinking',
    { thinking: 'Six.', text: '<reflection>Hm</reflection><output>42</output>' },
    '42',
    'Six.\n<reflection>Hm</reflection>',
  ],
  ['an output that was never closed', `<thinking>${thoughts}</thinking>\n<output>It is 42.`, 'It is 42.', thoughts],
  ['no output', `<thinking>${thoughts}</thinking>\nIt is 42.`, 'It is 42.', thoughts],
  ['no thinking', '<OUTPUT>It is 42.</OUTPUT>', 'It is 42.', undefined],
  ['no frame', 'It is 42.', 'It is 42.', undefined],
  [
    'thinking that was never closed, with the output in it',
    { thinking: 'Six.\n<output>42</output>', text: '' },
    '42',
    'Six.',
  ],
  [
    'thinking that was never closed, without an output',
    { thinking: 'Six.\n\nIt is 42.', text: '' },
    'It is 42.',
    'Six.\n\nIt is 42.',
  ],
  [
    'an output that speaks of outputs',
    '<output>Use <output>x</output> in HTML.</output>',
    'Use <output>x</output> in HTML.',
    undefined,
  ],
])('%s comes to the output alone', async (_, line, text, thinking) => {
  const { completion, said, upstream } = await reflect(line)
  expect(completion.text).toBe(text)
  expect(completion.thinking).toBe(thinking)
  expect(said).toEqual({ text, thinking: thinking ?? '' })
  expect(upstream.calls).toHaveLength(1)
  expect(upstream.asked[0]).toMatch(/^What is 6 times 7\?\n\n[\s\S]*<reflection>/)
})

test('what was cut off while thinking has no answer', async () => {
  const { completion } = await reflect({ text: '', thinking: 'Six', finish: 'length' })
  expect(completion).toMatchObject({ text: '', finish: 'length' })
})

test('a call of a tool stays one, and JSON is asked for without a frame', async () => {
  const toolCalls = [{ id: '1', type: 'function', function: { name: 'f', arguments: '{}' } }]
  expect((await reflect({ text: '', toolCalls, finish: 'tool_calls' })).completion).toMatchObject({ toolCalls })
  const json = { ...asked, rest: { response_format: { type: 'json_object' } } }
  expect((await reflect('{"a":1}', json)).upstream.calls[0]?.prompt).toEqual(json)
})

test('the outputs are what a vote around it counts', async () => {
  const line = (answer: number) => `<thinking>41? 40?</thinking><output>It is ${answer}.</output>`
  const upstream = scripted(({ order }) => line([41, 42, 42][order]!))
  const model = over(upstream.model, cotReflection(), selfConsistency({ n: 3 }))
  expect((await heard(execute(model, asked, context))).completion.text).toBe('It is 42.')
})
