import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { randomFrom } from '#core'
import { draw, type Posterior, prior, updated } from '../../../strategies/parts/posterior.ts'
import { times } from '../../helpers/scripted.ts'

const scores = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 40 })
const same = (a: Posterior, b: Posterior) => {
  for (const key of ['mean', 'kappa', 'nu', 'tau2'] as const) expect(a[key]).toBeCloseTo(b[key], 9)
}

describe('what is believed', () => {
  test('of an arm that was never tried is the prior', () => {
    expect(updated(prior, [])).toEqual(prior)
  })

  test('after one score of 1 is worked out by hand', () => {
    same(updated(prior, [1]), { mean: 0.5, kappa: 2, nu: 2, tau2: (0.1 + 0.5) / 2 })
  })

  test('after 0.2 and 0.6 is worked out by hand', () => {
    same(updated(prior, [0.2, 0.6]), { mean: 0.8 / 3, kappa: 3, nu: 3, tau2: (0.1 + 0.08 + (2 * 0.16) / 3) / 3 })
  })

  test('is the same whether scores come at once or one after another, and in any order', () => {
    fc.assert(
      fc.property(scores, scores, (some, more) => {
        const whole = updated(prior, [...some, ...more])
        same(updated(updated(prior, some), more), whole)
        same(updated(prior, [...more, ...some].toReversed()), whole)
      }),
    )
  })

  test('comes ever closer to what the arm gives', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (score) => {
        const { mean, tau2, kappa } = updated(
          prior,
          times(400, () => score),
        )
        expect(Math.abs(mean - score)).toBeLessThan(0.003)
        expect(tau2 / kappa).toBeLessThan(1e-4)
      }),
    )
  })
})

describe('what is drawn', () => {
  test('is always a number', () => {
    fc.assert(
      fc.property(scores, fc.nat(), (some, seed) => {
        expect(Number.isFinite(draw(updated(prior, some), randomFrom(seed)))).toBe(true)
      }),
    )
  })

  test('has the mean and the spread of a t distribution', () => {
    const believed = updated(prior, [0.2, 0.4, 0.9, 0.5, 0.7, 0.1, 0.3, 0.8])
    const random = randomFrom('draws')
    const drawn = times(20_000, () => draw(believed, random))
    const mean = drawn.reduce((sum, value) => sum + value, 0) / drawn.length
    const variance = drawn.reduce((sum, value) => sum + (value - mean) ** 2, 0) / drawn.length
    const { nu, tau2, kappa } = believed
    expect(mean).toBeCloseTo(believed.mean, 2)
    expect(variance / ((tau2 / kappa) * (nu / (nu - 2)))).toBeCloseTo(1, 1)
  })

  test('is the same for the same random numbers', () => {
    expect(draw(prior, randomFrom(3))).toBe(draw(prior, randomFrom(3)))
    expect(draw(prior, randomFrom(3))).not.toBe(draw(prior, randomFrom(4)))
  })
})
