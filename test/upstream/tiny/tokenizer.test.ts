import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { promptOf } from '../../../src/upstream/tiny/template.ts'
import { tokenizer } from '../../../src/upstream/tiny/tokenizer.ts'
import { vocabulary } from '../../helpers/tiny.ts'

const { encode, text, id, name } = tokenizer(vocabulary)
const decode = (ids: readonly number[]) => ids.map(text).join('')

const letters = vocabulary.filter((token) => token.length === 1)
const words = ['<think>', '</think>', '<|user|>', '<|end|>', 'What', ' is', ' apples', ' pears']
const known = fc.array(fc.constantFrom(...letters, ...words), { maxLength: 60 }).map((parts) => parts.join(''))

test('text of known characters comes back as it was, whoever says it', () => {
  fc.assert(
    fc.property(known, fc.boolean(), (said, thinks) => {
      expect(decode(encode(said, thinks))).toBe(said)
    }),
  )
})

test('any text becomes tokens of the vocabulary', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (said) => {
      for (const token of encode(said)) expect(vocabulary[token]).toBeDefined()
    }),
  )
})

test('no question holds a special token', () => {
  fc.assert(
    fc.property(known, (said) => {
      for (const token of encode(said)) expect(token).toBeGreaterThanOrEqual(5)
    }),
  )
})

test('a word of the vocabulary is one token with its space, another is spelled out, digits stand alone', () => {
  const names = encode('What is 12 apples, pears').map(name)
  expect(names).toEqual(['What', ' is', ' ', '1', '2', ' apples', ',', ...' pears'])
})

test('a character that nobody taught it is a question mark', () => {
  expect(decode(encode('naïve 日本 🦊'))).toBe('na?ve ?? ?')
})

test('only the assistant thinks', () => {
  expect(encode('<think>1', true)).toEqual([id('<think>'), id('1')])
  expect(encode('<think>1').map(name).join('|')).toBe('<|t|h|i|n|k|>|1')
})

test('a conversation is its turns behind their roles, the system before the first question', () => {
  const turns = [
    { role: 'system', text: 'A' },
    { role: 'user', text: '1' },
    { role: 'assistant', text: '</think>2' },
    { role: 'user', text: '3' },
  ]
  const written = promptOf(turns, false, tokenizer(vocabulary)).map(name).join(' ')
  expect(written).toBe('<|user|> A \n \n 1 <|assistant|> </think> 2 <|end|> <|user|> 3 <|assistant|>')
})

test('a reply that is continued has no end', () => {
  const turns = [
    { role: 'user', text: '1' },
    { role: 'assistant', text: '<think>2' },
  ]
  const written = promptOf(turns, true, tokenizer(vocabulary)).map(name).join(' ')
  expect(written).toBe('<|user|> 1 <|assistant|> <think> 2')
})
