import { describe, expect, test } from 'vitest'
import { cluster } from '../../src/answers/index.ts'

describe('cluster', () => {
  test('numbers groups as they appear, and leaves null out', () => {
    expect(cluster(['1/2', null, '3', '0.5', '', '\\frac{6}{2}'])).toEqual([0, -1, 1, 0, -1, 1])
  })

  test('does not let a bare number bring two units together', () => {
    expect(cluster(['5 km', '5', '5 m', '5 kilometers'])).toEqual([0, 0, 1, 0])
  })

  test('takes a policy', () => {
    expect(cluster(['0.333', '1/3'], { rounding: true })).toEqual([0, 0])
  })
})
