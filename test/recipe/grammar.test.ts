import fc from 'fast-check'
import { expect, test } from 'vitest'
import { BadRecipe } from '#core'
import { parseStages, type Value, writeStep } from '../../src/recipe/grammar.ts'

const refusal = (text: string) => {
  try {
    parseStages(text)
  } catch (error) {
    expect(error).toBeInstanceOf(BadRecipe)
    return (error as BadRecipe).message
  }
  throw new Error(`"${text}" was read`)
}

const step = (id: string, options = {}) => ({ id, options })

test.each([
  ['sc', [[[step('sc')]]]],
  ['sc@16', [[[{ ...step('sc'), number: 16 }]]]],
  ['sc()', [[[step('sc')]]]],
  ['SC@4', [[[{ ...step('sc'), number: 4 }]]]],
  ['sc@1e2', [[[{ ...step('sc'), number: 100 }]]]],
  ['a+b', [[[step('a')]], [[step('b')]]]],
  ['a&b', [[[step('a'), step('b')]]]],
  ['a|b', [[[step('a')], [step('b')]]]],
  ['a & b@2 | c + d', [[[step('a'), { ...step('b'), number: 2 }], [step('c')]], [[step('d')]]]],
  ['best-of-n@8(scorer=judge)', [[[{ ...step('best-of-n', { scorer: 'judge' }), number: 8 }]]]],
  [' a ( n = 4 , x = -0.5 ) ', [[[step('a', { n: 4, x: -0.5 })]]]],
])('%s is read', (text, stages) => {
  expect(parseStages(text)).toEqual(stages)
})

test.each([
  ['1', 1],
  ['-2.5', -2.5],
  ['.5', 0.5],
  ['1e-3', 0.001],
  ['true', true],
  ['false', false],
  ['deepseek-r1:70b', 'deepseek-r1:70b'],
  ['openai/gpt-4o', 'openai/gpt-4o'],
  ['3b', '3b'],
  ['"a, b (c) + d"', 'a, b (c) + d'],
  ['"say \\"hi\\""', 'say "hi"'],
  ['"true"', 'true'],
  ['""', ''],
  ['[]', []],
  ['[a, 1, "x y", [true]]', ['a', 1, 'x y', [true]]],
  ['judge(votes=3)', step('judge', { votes: 3 })],
  ['[verify(pattern="a|b"), judge()]', [step('verify', { pattern: 'a|b' }), step('judge')]],
])('the value %s is read', (text, value) => {
  expect(parseStages(`s(key=${text})`)).toEqual([[[step('s', { key: value })]]])
})

test.each([
  ['', 'at its end', 'the name of a strategy'],
  ['sc+', 'at its end', 'the name of a strategy'],
  ['sc&', 'at its end', 'the name of a strategy'],
  ['+sc', 'at "+sc"', 'the name of a strategy'],
  ['9', 'at "9"', 'the name of a strategy'],
  ['sc@', 'at its end', 'a number after @'],
  ['sc@many', 'at "many"', 'a number after @'],
  ['sc(n)', 'at ")"', '"="'],
  ['sc(n=)', 'at ")"', 'a value'],
  ['sc(n=1', 'at its end', '")"'],
  ['sc(n=1 m=2)', 'at "m=2)"', '")"'],
  ['sc(n=1,)', 'at ")"', 'the name of an option'],
  ['sc(n=1,n=2)', 'at "=2)"', 'n only once'],
  ['sc(n=[1)', 'at ")"', '"]"'],
  ['sc(n="a)', 'at ""a)"', 'a value'],
  ['sc 16', 'at "16"', '"+", "&", "|" or the end'],
  ['sc@16 and a long tail of words', 'at "and a long tail of w"', '"+", "&", "|" or the end'],
])('of "%s" the message says where reading stopped, and what was expected', (text, where, expected) => {
  expect(refusal(text)).toBe(`The recipe "${text}" cannot be read ${where}: expected ${expected}.`)
})

test('a recipe is read whole or refused, whatever it is', () => {
  const sign = fc.constantFrom(
    '+',
    '&',
    '|',
    '@',
    '(',
    ')',
    '=',
    ',',
    '[',
    ']',
    '"',
    '\\',
    ' ',
    'sc',
    'n',
    '1',
    'e',
    '.',
    '-',
  )
  const text = fc.oneof(
    fc.array(sign, { maxLength: 30 }).map((signs) => signs.join('')),
    fc.string({ unit: 'binary' }),
  )
  fc.assert(
    fc.property(text, (text) => {
      try {
        parseStages(text)
      } catch (error) {
        expect(error).toBeInstanceOf(BadRecipe)
      }
    }),
  )
})

test('neither depth nor length can exhaust the reader', () => {
  const deep = `sc(n=${'['.repeat(1990)}`
  expect(refusal(deep)).toContain('expected a value')
  expect(refusal(`sc(n=${'['.repeat(100_000)}`)).toBe('The recipe is longer than 2000 characters.')
})

test('what is written is read as the same step', () => {
  const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0)
  const words = fc.constantFrom('true', '1e5', '-.5', 'a b', 'judge', '', 'é"\\\n')
  const key = fc.stringMatching(/^[a-z][a-zA-Z0-9_]{0,5}$/)
  const { value } = fc.letrec<{ value: Value }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      number,
      fc.boolean(),
      words,
      fc.string(),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.record({ id: fc.constantFrom('judge', 'verify'), options: fc.dictionary(key, tie('value'), { maxKeys: 2 }) }),
    ),
  }))
  const step = fc.record(
    {
      id: fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/),
      number,
      options: fc.dictionary(key, value, { maxKeys: 3 }),
    },
    { requiredKeys: ['id', 'options'] },
  )
  fc.assert(
    fc.property(step, (step) => {
      expect(parseStages(writeStep(step))).toEqual([[[{ ...step, options: { ...step.options } }]]])
    }),
  )
})
