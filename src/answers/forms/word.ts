import { wholeLine } from './region.ts'
import type { Value } from './value.ts'

const small =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
    ' ',
  )
const tens = '- - twenty thirty forty fifty sixty seventy eighty ninety'.split(' ')

/** Spellings of one answer, each with the key they share. */
const synonyms: Readonly<Record<string, string>> = {
  true: 'yes',
  false: 'no',
  'does not exist': 'dne',
  'no solutions': 'no solution',
  'no real solution': 'no real solutions',
  'empty set': '∅',
}

const allReals = /^(?:all|every|any)(?: the)? real(?:s| (?:numbers?|values)(?: of)?(?: \w)?)$/

/** Words that stand for something definite: numbers, yes and no, all real numbers. */
export function readWord(words: string): { number: string } | Value | undefined {
  const key = words.replace(/^there (?:is|are) /, '')
  const at = small.indexOf(key)
  if (at >= 0) return { number: String(at) }
  const [ten = '', one = '', more] = key.split(/[- ]/)
  const [a, b] = [tens.indexOf(ten, 2), one ? small.indexOf(one) : 0]
  if (a >= 2 && b >= 0 && b <= 9 && more === undefined) return { number: String(a * 10 + b) }
  if (allReals.test(key)) return wholeLine
  return Object.hasOwn(synonyms, key) ? { kind: 'text', key: synonyms[key]! } : undefined
}
