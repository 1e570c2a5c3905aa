import fc from 'fast-check'
import { expect, test } from 'vitest'
import { dualAgreement } from '../../strategies/parts/dual-agreement.ts'

const bits = (text: string) => [...text].map((bit) => bit === '1')
const agree = (rows: readonly string[], written: readonly number[]) =>
  dualAgreement(
    rows.map((row, at) => ({ solution: at, passed: bits(row) })),
    written,
  )

test('solutions that pass the same tests are one group, scored by tests passed times the root of its size', () => {
  expect(agree(['110', '110', '001', '110', '110'], [1, 1, 1])).toEqual([
    { solutions: [0, 1, 3, 4], score: 4 },
    { solutions: [2], score: 1 },
  ])
})

test('a test counts as often as it was written', () => {
  expect(agree(['10', '01'], [1, 3]).map(({ score }) => score)).toEqual([3, 1])
})

test('a crowd that passes little does not outvote a few that pass much', () => {
  const crowd = Array.from({ length: 8 }, () => '1000')
  expect(agree([...crowd, '1111'], [1, 1, 1, 1])[0]?.solutions).toEqual([8])
})

test('solutions that pass nothing are in no group, though they are the most', () => {
  expect(agree(['00', '00', '00', '10'], [1, 1]).map(({ solutions }) => solutions)).toEqual([[3]])
  expect(agree(['00'], [1, 1])).toEqual([])
})

test('equal scores keep their order', () => {
  expect(agree(['10', '01'], [1, 1]).map(({ solutions }) => solutions)).toEqual([[0], [1]])
})

test('the order of tests does not matter', () => {
  const row = fc.array(fc.boolean(), { minLength: 4, maxLength: 4 })
  fc.assert(
    fc.property(
      fc.array(row, { maxLength: 8 }),
      fc.array(fc.nat(5), { minLength: 4, maxLength: 4 }),
      (rows, written) => {
        const of = (turn: <T>(list: readonly T[]) => T[]) =>
          dualAgreement(
            rows.map((passed, at) => ({ solution: at, passed: turn(passed) })),
            turn(written),
          )
        expect(of((list) => list.toReversed())).toEqual(of((list) => [...list]))
      },
    ),
  )
})
