import { expect, test } from 'vitest'
import { named, opinionOf, said } from '../helpers/scoring.ts'
import { question } from '../helpers/scripted.ts'

const words = (n: number) => Array.from({ length: n }, (_, i) => `word${i}`).join(' ')
const row = (n: number) => Array.from({ length: n }, (_, i) => `Row ${i} has the value ${i * i}.`).join('\n')

test.each([
  ['a plain answer', said('It is 42.'), true],
  ['one with thinking', said('42', { thinking: 'I think.' }), true],
  ['one that was cut off', said('It is', { finish: 'length' }), false],
  ['one that was filtered', said('', { finish: 'filter' }), false],
  ['none', said('  '), false],
  [
    'a tool call',
    said('', { toolCalls: [{ id: '1', type: 'function', function: { name: 'a', arguments: '{}' } }] }),
    true,
  ],
  ['a stray tag', said('</think>42'), false],
  ['a loop', said('and so on and on '.repeat(100)), false],
  ['a loop of thinking', said('42', { thinking: `${words(100)} ${'Wait, let me check. '.repeat(200)}` }), false],
  ['a long text', said(words(1000)), true],
  ['a table', said(row(100)), true],
  ['an endless text', said('x'.repeat(40_000)), false],
] as const)('%s', async (_, candidate, pass) => {
  expect(await opinionOf('format', candidate)).toMatchObject({ pass, score: Number(pass) })
})

test('thinking may be demanded, and the length be less', async () => {
  expect(await opinionOf(named('format', { think: true }), '42')).toMatchObject({
    pass: false,
    detail: 'It did not think.',
  })
  expect(await opinionOf(named('format', { longest: 3 }), '42 it is')).toMatchObject({ pass: false })
})

test('JSON is demanded where the client did', async () => {
  const prompt = question('?', { rest: { response_format: { type: 'json_object' } } })
  expect(await opinionOf('format', '{"a":1}', { prompt })).toMatchObject({ pass: true })
  expect(await opinionOf('format', 'a is 1', { prompt })).toMatchObject({
    pass: false,
    detail: 'The answer is not JSON.',
  })
})
