import { describe, expect, test } from 'vitest'
import { type ExtractOptions, equivalent, extractAnswer } from '../../src/answers/index.ts'

type Case = readonly [decides: string, text: string, answer: string | null, options?: ExtractOptions]

const letters = ['A', 'B', 'C', 'D']

const rules: Readonly<Record<string, readonly Case[]>> = {
  boxed: [
    ['the last box', 'First \\boxed{3}. No, that forgets one case: \\boxed{4}.', '4'],
    ['a box with braces in it', '$\\boxed{\\frac{2}{\\sqrt{3}}}$', '\\frac{2}{\\sqrt3}'],
    ['a box without braces', 'so \\boxed 7', '7'],
    ['not an empty or unclosed one', '\\boxed{8} and then \\boxed{} or \\boxed{9', '8'],
    ['boxes that are listed', '$x=\\boxed{2}$ and $y=\\boxed{5}$', '2, 5'],
    ['not boxes with words between', '\\boxed{2} was a first guess but \\boxed{5}', '5'],
    ['a box whose backslash was escaped', 'so \\\\boxed{12}\\n', '12'],
  ],
  phrase: [
    ['a final answer behind the last box', '\\boxed{1} is only the first part. Final answer: 2', '2'],
    ['the value of a sentence', 'The answer is that the largest $n$ is 34.', '34'],
    ['maths with its unit', 'The answer is $12$ cm.', '12 cm'],
    ['the next line', '### Final Answer\n\n\\[ x = 4 \\]', '4'],
    ['a list below it', 'So the answers are:\n- 3\n- 5', '3, 5'],
    ['what is not denied', 'The answer is 10, not 13.', '10'],
    ['no remark in parentheses', 'Answer: 10 (because 5 + 5 = 10)', '10'],
    ['the end of a calculation', 'The answer is 3 + 4 = 7.', '7'],
    ['the last announcement', 'Answer: 41 is what one would guess.\nAnswer: 42', '42'],
    ['German', 'Die Antwort lautet 17.', '17'],
    ['French', 'La réponse est 3,5.', '3.5'],
    ['Spanish', 'La respuesta final es: 9', '9'],
    ['Russian', 'Ответ: 15', '15'],
    ['Chinese', '综上，答案是 \\(\\frac{2}{5}\\) 吨。', '2/5'],
    ['Japanese', '答えは 7 です。', '7'],
    ['Arabic', 'الجواب هو ١٥', '15'],
    ['Hindi', 'उत्तर: ४२', '42'],
  ],
  hashes: [['the line behind four hashes', 'We add.\n#### 1,250', '1250']],
  tag: [['what stands in answer tags', 'Some words. <answer> 7 </answer>', '7']],
  json: [
    ['the answer of an object', '{"steps": ["a"], "answer": "Paris"}', 'Paris'],
    ['the answer in a fence', '```json\n{"final_answer": 0.75}\n```', '3/4'],
  ],
  option: [
    ['an announced letter', 'The correct option is (C) because 3 is odd.', 'C', { choices: letters }],
    ['a letter called correct', 'B is correct. A and C fail.', 'B', { choices: letters }],
    ['a leading letter', 'D. The others contradict the text.', 'D', { choices: letters }],
    ['the last letter that stands alone', 'Not A, nor B; it remains C', 'C', { choices: letters }],
    ['no article', 'A cat is an animal, so C', 'C', { choices: letters }],
    ['a small letter alone', 'b', 'B', { choices: letters }],
    ['a letter in Chinese', '故选C', 'C', { choices: letters }],
    ['the letters of the question', 'I go with B.', 'B', { question: 'Which?\nA) one\nB) two\nC) three' }],
  ],
  bold: [
    ['the last bold number near the end', 'That makes **15** ways in total.', '15'],
    ['a bold decimal, which is no step', 'First **1.** we add, and that makes **3.5** in total.', '3.5'],
  ],
  value: [
    ['the last maths', 'Adding up, we find $(7, 6)$.', '(7,6)'],
    ['maths that is listed', 'The roots are $2$ and $5$.', '2,5'],
    ['a number behind the last maths', 'With $x = 2$ this makes 24 apples.', '24'],
    ['no prices for maths', 'They paid $10 + $5 = $15 in total.', '15'],
    ['a time as a whole', 'They met at 3:45 PM.', '3:45 PM'],
    ['no list marker', '1. Add 3.\n2. We get 8 apples', '8'],
  ],
  word: [['yes or no at the end of a short text', 'After careful consideration, no.', 'no']],
  line: [['the last short line', 'Paris', 'Paris']],
  code: [
    [
      'a program that was asked for',
      'Sure:\n```python\ndef f():\n    return 1\n```\nThe answer is 1.',
      '```python\ndef f():\n    return 1\n```',
      { question: 'Write a function f.' },
    ],
  ],
  none: [
    ['nothing in thinking that never closed', '<think>so it is 9', null],
    ['nothing behind thinking', '<think>9</think>', null],
    ['nothing in a refusal', "I'm sorry, but I can't help with that.", null],
    ['nothing in nothing', '   ', null],
    ['nothing where the model does not know', "I don't know.", null],
  ],
}

for (const [method, cases] of Object.entries(rules)) {
  describe(`${method} finds`, () => {
    for (const [decides, text, expected, options] of cases)
      test(decides, () => {
        const { answer, method: found } = extractAnswer(text, options)
        expect(found).toBe(method)
        if (expected === null) expect(answer).toBeNull()
        else expect([answer, equivalent(answer, expected)]).toEqual([answer, true])
      })
  })
}

describe('an extracted answer', () => {
  test('comes from the visible text, before any invented next turn', () => {
    expect(extractAnswer('<think>\\boxed{1}</think>\\boxed{2}<|im_end|><|im_start|>user \\boxed{3}').answer).toBe('2')
  })

  test('says how strong its rule is', () => {
    const strengths = ['\\boxed{5}', 'The answer is 5.', 'This makes **5** of them.', 'This makes 5 of them.'].map(
      (text) => extractAnswer(text).strength,
    )
    expect(strengths).toEqual(strengths.toSorted((a, b) => b - a))
    expect(new Set(strengths).size).toBe(4)
  })
})
