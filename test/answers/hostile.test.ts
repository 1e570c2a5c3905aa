import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cluster, equivalent, extractAnswer, splitThinking, ThinkSplitter } from '../../src/answers/index.ts'

const times = (text: string, n: number) => text.repeat(n)

/** Whatever takes for ever runs into the time limit of the test. */
function survive(text: string): void {
  expect(typeof equivalent(text, 'x+1')).toBe('boolean')
  expect(equivalent(text, `${text} `)).toBe(text.trim() !== '')
  expect(typeof equivalent(`${text}1`, `${text}2`)).toBe('boolean')
  extractAnswer(text)
  extractAnswer(text, { choices: ['A', 'B'], question: text })
  const splitter = new ThinkSplitter()
  for (let at = 0; at < text.length; at += 997) splitter.push(text.slice(at, at + 997))
  expect(splitter.end()).toEqual(splitThinking(text))
}

const hostile: Readonly<Record<string, string>> = {
  'deep parentheses': times('(', 50_000),
  'deep braces': times('{', 5000) + times('}', 5000),
  'deep fractions': `${times('\\frac{1}{', 500)}2${times('}', 500)}`,
  'deep roots': `${times('\\sqrt{', 300)}2${times('}', 300)}`,
  'a tower of powers': `${times('9^', 400)}9`,
  'huge exponents': '9^{9^{9^{9}}}',
  'a huge scientific number': '1e9999999',
  'a hundred thousand digits': times('9', 100_000),
  'a tower of factorials': `(${times('(', 20)}9!${times(')!', 20)})!`,
  'factorials of factorials': '2000!^{2000!}',
  'many factorials': `${times('2000!*', 200)}1`,
  'a large binomial to a large power': '\\binom{2000}{1000}^{1000}',
  'a power of a sum': '(x+y)^{99999}',
  'many plus-minus signs': `${times('\\pm 1+', 300)}1`,
  'a long list': times('1,', 50_000),
  'a list of surds': Array.from({ length: 150 }, (_, i) => `\\sqrt{${i * i + 1}}`).join(', '),
  'many boxes': `${times('\\boxed{', 5000)}1${times('}', 5000)}`,
  'many dollars': times('$', 100_000),
  'many text commands': times('\\text{', 10_000),
  'many tags': times('<think>', 14_000),
  'many closing tags': times('</think>', 12_000),
  'many blocks': times('<think></think>', 6000),
  'many fences': times('```\n', 20_000),
  'many backticks': times('`a', 50_000),
  'many new lines': times('\n', 100_000),
  'many spaces': `${times(' ', 100_000)}x`,
  'many announcements': times('the answer is ', 7000),
  'many words': times('foo bar ', 12_000),
  'many bold parts': times('**1** ', 15_000),
  'many hashes': times('#### 1\n', 12_000),
  'many backslashes': times('\\', 100_001),
  'open json': times('{"a":', 5000),
  'half a surrogate pair': '\ud800\udc00\ud800',
  'division by zero': '\\frac{1}{0}+0^0+\\log_1 0',
}

describe('neither throws nor runs away on', () => {
  test.each(Object.entries(hostile))('%s', (_name, text) => {
    survive(text)
  })

  test('any text made of the pieces of mathematics and markup', () => {
    const piece = fc.constantFrom(
      '\\frac',
      '{',
      '}',
      '(',
      ')',
      '[',
      ']',
      '^',
      '_',
      '\\sqrt',
      '!',
      '1',
      '23',
      '.5',
      'x',
      'e',
      'i',
      '\\pi',
      '+',
      '-',
      '*',
      '/',
      '=',
      '<',
      '\\le',
      ',',
      ';',
      ':',
      '|',
      '\\pm',
      '\\cup',
      '\\in',
      '\\{',
      '\\}',
      '\\text{',
      '\\boxed{',
      '$',
      '%',
      '°',
      ' and ',
      ' or ',
      'sin ',
      '\\log',
      '\\infty',
      '...',
      '\\begin{pmatrix}',
      '\\end{pmatrix}',
      '&',
      '\\\\',
      'A)',
      'answer is ',
      '\n',
      '<think>',
      '</think>',
      '`',
    )
    const text = fc.array(piece, { maxLength: 24 }).map((pieces) => pieces.join(''))
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(equivalent(a, b)).toBe(equivalent(b, a))
        survive(a)
      }),
      { numRuns: 400 },
    )
  })

  test('any text at all', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (text) => {
        survive(text)
      }),
      { numRuns: 300 },
    )
  })

  test('a vote of many different answers', () => {
    const answers = Array.from({ length: 256 }, (_, i) => `${i}\\sqrt{2}+${i}`)
    expect(new Set(cluster(answers)).size).toBe(256)
  })
})
