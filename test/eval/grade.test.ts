import { join } from 'node:path'
import { expect, test } from 'vitest'
import { promptOf } from '../../src/eval/data/item.ts'
import { readItems } from '../../src/eval/data/read.ts'
import { type GradeEntry, Grader } from '../../src/eval/grade.ts'
import { Journal } from '../../src/eval/journal.ts'
import { Place } from './running.ts'

const none = (): never => {
  throw new Error('Nothing is configured.')
}

test.each([
  ['an equal form', { answer: '#### 1,000' }, 'So \\boxed{10^3}', true],
  ['another number', { answer: '41' }, 'It is 42.', false],
  ['one of several', { answer: ['Paris', 'the capital of France'] }, 'The answer is **Paris**.', true],
  ['an option’s letter', { choices: ['red', 'green'], answer: 1 }, 'The answer is (B).', true],
  ['an option’s text', { choices: ['red', 'green'], answer: 1 }, 'The answer is green.', true],
  ['another letter', { choices: ['red', 'green'], answer: 0 }, 'B', false],
  ['a pattern', { pattern: '^[A-Z]{3}-\\d+$' }, 'ABC-12', true],
  ['no match', { pattern: '^[A-Z]{3}-\\d+$' }, 'abc', false],
  ['JSON by a schema', { schema: { required: ['n'] } }, '{"n": 1}', true],
  ['JSON that breaks it', { schema: { required: ['n'] } }, '{"m": 1}', false],
  ['the very value', { answer: { n: 1, m: [2] } }, '{"m": [2], "n": 1.0}', true],
  ['another value', { answer: { n: 1 } }, '{"n": 2}', false],
  ['no answer at all', { answer: '42' }, '', false],
])('%s', async (_, row, text, right) => {
  using place = new Place()
  await using journal = await Journal.open<GradeEntry>(join(place.path, 'grades.jsonl'))
  const [item] = readItems(JSON.stringify({ question: 'Which?', ...row }), 'data')
  const grade = await new Grader(none, journal).of(item!, promptOf(item!, {}), { text, finish: 'stop' })
  expect(grade.right).toBe(right)
})
