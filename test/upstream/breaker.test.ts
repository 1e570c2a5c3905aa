import { expect, test } from 'vitest'
import { Breaker } from '../../src/upstream/breaker.ts'

function breaker(random = 0.5) {
  let now = 1_000_000
  const breaker = new Breaker({ now: () => now, random: () => random })
  const pass = (ms: number) => {
    now += ms
  }
  const fail = (times = 1) => {
    for (let time = 0; time < times; time++) breaker.begin().failed()
  }
  return { breaker, pass, fail }
}

test('it opens after three failures in a row, and not after three among others', () => {
  const { breaker: one, fail } = breaker()
  fail(2)
  one.begin().succeeded()
  fail(2)
  expect([one.state, one.ready]).toEqual(['closed', true])
  fail()
  expect([one.state, one.ready]).toEqual(['open', false])
})

test('after its pause one call tries it, and its success brings all back', () => {
  const { breaker: one, pass, fail } = breaker()
  fail(3)
  pass(1999)
  expect(one.state).toBe('open')
  pass(1)
  expect([one.state, one.ready]).toEqual(['half-open', true])
  const probe = one.begin()
  expect([one.state, one.ready]).toEqual(['half-open', false])
  probe.succeeded()
  expect([one.state, one.ready]).toEqual(['closed', true])
  fail(2)
  expect(one.state).toBe('closed')
})

test('each probe that fails doubles the pause, up to a minute, and a success makes it short again', () => {
  const { breaker: one, pass, fail } = breaker()
  fail(3)
  for (const pause of [2, 4, 8, 16, 32, 60, 60]) {
    pass(pause * 1000 - 1)
    expect(one.state).toBe('open')
    pass(1)
    expect(one.state).toBe('half-open')
    fail()
  }
  one.begin().succeeded()
  fail(3)
  pass(2000)
  expect(one.state).toBe('half-open')
})

test.each([
  [0, 1500],
  [0.999, 2499],
])('the pause is jittered: %d is %d ms', (random, pause) => {
  const { breaker: one, pass, fail } = breaker(random)
  fail(3)
  pass(pause - 1)
  expect(one.state).toBe('open')
  pass(2)
  expect(one.state).toBe('half-open')
})

test('calls that were on their way when it opened do not make the pause longer', () => {
  const { breaker: one, pass } = breaker()
  const underWay = Array.from({ length: 50 }, () => one.begin())
  for (const { failed } of underWay) failed()
  pass(2000)
  expect(one.state).toBe('half-open')
  underWay[0]!.failed()
  expect(one.state).toBe('half-open')
})

test('a probe whose client leaves is followed by the next, and one that is never heard of in half a minute', () => {
  const { breaker: one, pass, fail } = breaker()
  fail(3)
  pass(2000)
  one.begin().left()
  expect(one.ready).toBe(true)
  one.begin()
  pass(29_999)
  expect(one.ready).toBe(false)
  pass(1)
  expect(one.ready).toBe(true)
})
