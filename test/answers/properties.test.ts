import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { equivalent } from '../../src/answers/index.ts'

const integer = fc.integer({ min: -9999, max: 9999 })
const coefficients = fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 2, maxLength: 5 })
const runs = { numRuns: 120 }

/** c0 + c1 x + c2 x^2 ... as one would write it. */
const polynomial = (of: readonly number[]): string =>
  of
    .map((c, power) =>
      c === 0 ? '' : `${c < 0 ? '-' : '+'}${Math.abs(c)}${power === 0 ? '' : power === 1 ? 'x' : `x^{${power}}`}`,
    )
    .join('')
    .replace(/^\+/, '') || '0'

const multiplied = (a: readonly number[], b: readonly number[]): number[] => {
  const result = new Array<number>(a.length + b.length - 1).fill(0)
  for (const [i, x] of a.entries()) for (const [j, y] of b.entries()) result[i + j]! += x * y
  return result
}

const trimmed = (of: readonly number[]) => of.slice(0, of.findLastIndex((c) => c !== 0) + 1)

const answer = fc.oneof(
  integer.map(String),
  fc.tuple(integer, fc.integer({ min: 1, max: 999 })).map(([n, d]) => `\\frac{${n}}{${d}}`),
  coefficients.map(polynomial),
  fc.tuple(integer, integer).map(([a, b]) => `(${a}, ${b})`),
  fc.tuple(integer, fc.integer({ min: 2, max: 99 })).map(([a, b]) => `${a}\\sqrt{${b}}`),
  fc.constantFrom('Paris', 'no solution', '[0, 1)', 'x \\ge 2', '12 \\text{ cm}', '\\{1, 2, 3\\}', 'B'),
)

const dressings: readonly ((text: string) => string)[] = [
  (text) => `  ${text}\n`,
  (text) => `$${text}$`,
  (text) => `\\(${text}\\)`,
  (text) => `\\boxed{${text}}`,
  (text) => `**${text}**`,
  (text) => `${text}.`,
  // Brackets, and not the \( and \) around mathematics: \\left( would be a line break and a word.
  (text) => text.replaceAll(/(?<!\\)\(/g, '\\left(').replaceAll(/(?<!\\)\)/g, '\\right)'),
  (text) => text.replaceAll(' ', '\\, '),
  (text) => text.replaceAll('\\frac', '\\dfrac'),
]

describe('equivalence', () => {
  test('is reflexive and stable under every way of dressing an answer', () => {
    fc.assert(
      fc.property(answer, fc.subarray([...dressings], { maxLength: 3 }), (text, chosen) => {
        const dressed = chosen
          .filter((_, at) => at === 0 || chosen.length < 3)
          .reduce((inner, dress) => dress(inner), text)
        expect([text, dressed, equivalent(text, text), equivalent(text, dressed)]).toEqual([text, dressed, true, true])
      }),
      runs,
    )
  })

  test('is symmetric', () => {
    fc.assert(
      fc.property(answer, answer, (a, b) => {
        expect([a, b, equivalent(a, b)]).toEqual([a, b, equivalent(b, a)])
      }),
      runs,
    )
  })

  test('ignores commas between thousands', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1000, max: 2 ** 40 }), (n) => {
        expect(equivalent(String(n), n.toLocaleString('en-US'))).toBe(true)
      }),
      runs,
    )
  })

  test('never merges different numbers', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), fc.bigInt({ min: 1n, max: 5n }), (n, step) => {
        expect(equivalent(String(n), String(n + step))).toBe(false)
      }),
      runs,
    )
  })

  test('never merges different fractions and surds', () => {
    const surd = fc.tuple(fc.integer({ min: 1, max: 99 }), fc.constantFrom(2, 3, 5, 7, 11))
    fc.assert(
      fc.property(surd, surd, ([a, m], [b, n]) => {
        expect(equivalent(`${a}\\sqrt{${m}}`, `${b}\\sqrt{${n}}`)).toBe(a === b && m === n)
        expect(equivalent(`\\frac{${a}}{${m}}`, `\\frac{${b}}{${n}}`)).toBe(a * n === b * m)
      }),
      runs,
    )
  })

  test('never merges different polynomials', () => {
    fc.assert(
      fc.property(coefficients, coefficients, (a, b) => {
        expect(equivalent(polynomial(a), polynomial(b))).toBe(String(trimmed(a)) === String(trimmed(b)))
      }),
      runs,
    )
  })

  test('merges a product with its expansion, and not with one that is off by one', () => {
    fc.assert(
      fc.property(coefficients, coefficients, (a, b) => {
        const expanded = multiplied(a, b)
        const product = `(${polynomial(a)})(${polynomial(b)})`
        expect([product, equivalent(product, polynomial(expanded))]).toEqual([product, true])
        expect(equivalent(product, polynomial(expanded.with(0, expanded[0]! + 1)))).toBe(false)
      }),
      runs,
    )
  })

  test('merges lists in any order, and tuples in theirs only', () => {
    const members = fc.uniqueArray(fc.integer({ min: -50, max: 50 }), { minLength: 3, maxLength: 6 })
    fc.assert(
      fc.property(
        members.chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length }))),
        ([list, shuffled]) => {
          expect(equivalent(list.join(', '), `\\{${shuffled.join(', ')}\\}`)).toBe(true)
          expect(equivalent(`(${list.join(', ')})`, `(${shuffled.join(', ')})`)).toBe(String(list) === String(shuffled))
        },
      ),
      runs,
    )
  })
})
