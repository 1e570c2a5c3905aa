import { expect, test } from 'vitest'
import { evaluate } from '#core'

test.each([
  ['n', 16],
  ['n * (1 + score)', 48],
  ['2 * depth + 1', 7],
  ['ceil(n / 3) - 1', 5],
  ['max(n, depth, 20)', 20],
  ['log2(n)', 4],
  ['10 - 2 - 3', 5],
  ['1.5 * 2', 3],
])('%s', (formula, value) => {
  expect(evaluate(formula, { n: 16, score: 2, depth: 3 })).toBe(value)
})

test.each(['', 'm', 'n +', '(n', 'n)', 'ceil(n', 'n n', 'constructor'])('%j cannot be read', (formula) => {
  expect(() => evaluate(formula, { n: 1 })).toThrow('cannot be read')
})
