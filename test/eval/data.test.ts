import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { promptOf, referenceOf } from '../../src/eval/data/item.ts'
import { BadData, readItems } from '../../src/eval/data/read.ts'

const one = (row: object, system?: string) => readItems(JSON.stringify(row), 'data.jsonl', system)[0]!
const said = (row: object) => one(row).messages.at(-1)!.content

describe('a line of data', () => {
  const answer = (...answers: string[]) => ({ kind: 'answer', answers })

  test.each([
    ['question and answer', { question: 'What is 6 × 7?', answer: '42' }, answer('42')],
    ['an answer that is a number', { question: 'q', answer: 42 }, answer('42')],
    ['several right answers', { question: 'q', answer: ['Paris', 'paris, France'] }, answer('Paris', 'paris, France')],
    ['GSM8K', { question: 'q', answer: '6 boxes of 7 are 6*7=<<6*7=42>>42.\n#### 42' }, answer('42')],
    ['MATH', { problem: 'q', solution: 'So it is $\\boxed{\\frac{1}{2}}$.', level: 'Level 1' }, answer('\\frac{1}{2}')],
    ['MATH-500', { problem: 'q', solution: 'So $\\boxed{7}$.', answer: '7', unique_id: 'x' }, answer('7')],
    ['OpenAI evals', { input: [{ role: 'user', content: 'q' }], ideal: ['a', 'b'] }, answer('a', 'b')],
    ['messages and answer', { messages: [{ role: 'user', content: 'q' }], answer: '42' }, answer('42')],
    [
      'a conversation that ends with its answer',
      {
        messages: [
          { role: 'user', content: 'q' },
          { role: 'assistant', content: 'So \\boxed{42}' },
        ],
      },
      answer('42'),
    ],
    ['TRL prompts', { prompt: [{ role: 'user', content: 'q' }], solution: '$$\\boxed{3}$$' }, answer('3')],
    ['a pattern', { question: 'q', pattern: '^yes' }, { kind: 'pattern', pattern: '^yes' }],
    ['tests', { prompt: 'q', tests: ['assert f(1) == 1'] }, { kind: 'verifier', tests: ['assert f(1) == 1'] }],
    [
      'MBPP',
      { text: 'q', code: 'def f…', test_list: ['assert a', 'assert b'] },
      { kind: 'verifier', tests: ['assert a', 'assert b'] },
    ],
    [
      'HumanEval',
      {
        task_id: 'HumanEval/0',
        prompt: 'def f():',
        test: 'def check(f): pass',
        entry_point: 'f',
        canonical_solution: 'x',
      },
      { kind: 'verifier', tests: ['def check(f): pass\n\ncheck(f)'] },
    ],
    ['the verifier alone', { question: 'q', verify: true }, { kind: 'verifier' }],
  ])('%s is understood', (_, row, check) => {
    const item = one(row)
    expect(item.check).toEqual(check)
    expect(item.messages.at(-1)!.role).toBe('user')
    expect(referenceOf(item)).not.toBe('')
  })

  test.each([
    ['MMLU, a place', { question: 'Which?', choices: ['red', 'green', 'blue'], answer: 1 }],
    ['MMLU-Pro, a letter', { question: 'Which?', options: ['red', 'green', 'blue'], answer: 'B', answer_index: 1 }],
    [
      'ARC',
      { question: 'Which?', choices: { text: ['red', 'green', 'blue'], label: ['A', 'B', 'C'] }, answerKey: 'B' },
    ],
    [
      'ARC with numbers',
      { question: 'Which?', choices: { text: ['red', 'green', 'blue'], label: ['1', '2', '3'] }, answerKey: '2' },
    ],
    ['options by letter', { question: 'Which?', options: { A: 'red', B: 'green', C: 'blue' }, answer: '(B)' }],
    ['an option’s text', { question: 'Which?', choices: ['red', 'green', 'blue'], answer: 'green' }],
    ['columns', { question: 'Which?', A: 'red', B: 'green', C: 'blue', answer: 'B' }],
    [
      'objects',
      {
        question: 'Which?',
        choices: [{ label: 'A', text: 'red' }, { label: 'B', text: 'green' }, { text: 'blue' }],
        answer: 'B',
      },
    ],
  ])('a multiple choice is asked with its options: %s', (_, row) => {
    expect(said(row)).toBe('Which?\n\nA) red\nB) green\nC) blue\n\nAnswer with the letter of the right option.')
    expect(one(row).check).toEqual({ kind: 'answer', answers: ['B'], choices: { A: 'red', B: 'green', C: 'blue' } })
  })

  test('a schema is asked for, and may have a value of its own', () => {
    const schema = { type: 'object', required: ['n'] }
    const item = one({ question: 'q', schema, answer: { n: 1 } })
    expect(item.check).toEqual({ kind: 'schema', schema, value: { n: 1 } })
    expect(promptOf(item, {}).rest).toEqual({
      response_format: { type: 'json_schema', json_schema: { name: 'answer', schema } },
    })
  })

  test('is asked as the flags say', () => {
    const item = one({ question: 'q', answer: 'a' }, 'Be brief.')
    expect(promptOf(item, { temperature: 0.5, seed: 7, maxTokens: 100 })).toEqual({
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'q' },
      ],
      temperature: 0.5,
      seed: 7,
      rest: { max_tokens: 100 },
    })
  })

  test('that is the same has the same key, whatever it is called', () => {
    const key = (row: object) => one(row).key
    expect(key({ id: 1, question: 'q', answer: '1' })).toBe(key({ id: 2, question: 'q', answer: '1' }))
    expect(key({ question: 'q', answer: '1' })).not.toBe(key({ question: 'q', answer: '2' }))
  })
})

test('the example has questions to try it on', () => {
  expect(readItems(readFileSync('examples/eval/arithmetic.jsonl', 'utf8'), 'arithmetic.jsonl')).toHaveLength(100)
})

describe('a file of data', () => {
  test('has its questions in lines or in one list, with blank lines and a mark at its beginning', () => {
    const rows = [
      { question: 'a', answer: '1' },
      { id: 'second', question: 'b', answer: '2' },
    ]
    const ids = (text: string) => readItems(text, 'f').map(({ id }) => id)
    expect(ids(`\uFEFF${rows.map((row) => JSON.stringify(row)).join('\r\n\n')}\n`)).toEqual(['1', 'second'])
    expect(ids(JSON.stringify(rows))).toEqual(['1', 'second'])
  })

  test.each([
    ['{"question": "q"}', 'data.jsonl, line 1: it has nothing to check an answer by: answer, '],
    ['{"answer": "a"}', 'it has no question: messages, question, problem'],
    ['{"question": "q", "choices": ["a", "b"], "answer": "E"}', 'its answer "E" is none of the choices A, B'],
    ['{"question": "q", "choices": ["a", "b"]}', 'which of the choices is right'],
    ['{"question": "q", "pattern": "(?<=a)b"}', 'line 1:'],
    ['{"messages": [{"role": "system", "content": "s"}], "answer": "a"}', 'does not end with a message of the user'],
    ['"text"', 'it is no JSON object'],
    ['question,answer\nq,a', 'line 1 is no JSON'],
    ['', 'data.jsonl has no questions. A line is JSON, such as {"question"'],
  ])('%j is refused with the line and the reason', (text, reason) => {
    expect(() => readItems(text, 'data.jsonl')).toThrow(BadData)
    expect(() => readItems(text, 'data.jsonl')).toThrow(reason)
  })

  test('names the first lines that are wrong, and counts the others', () => {
    const text = Array.from({ length: 8 }, () => '{"question": "q"}').join('\n')
    expect(() => readItems(text, 'f')).toThrow(/line 5: .*\n… and 3 more\./)
  })
})
