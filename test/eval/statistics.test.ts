import { describe, expect, test } from 'vitest'
import { randomFrom } from '#core'
import { Bootstrap } from '../../src/eval/statistics/bootstrap.ts'
import { corrected, paired } from '../../src/eval/statistics/paired.ts'
import { passAt } from '../../src/eval/statistics/pass-at.ts'
import { VoteOf } from '../../src/eval/statistics/vote-of.ts'

describe('the bootstrap', () => {
  test('has intervals about as wide as the normal approximation', () => {
    const values = Array.from({ length: 400 }, (_, at) => Number(at % 4 === 0))
    const { value, low, high } = new Bootstrap(400).share(values)!
    expect(value).toBe(0.25)
    expect((high - low) / 2).toBeCloseTo(1.96 * Math.sqrt((0.25 * 0.75) / 400), 2)
  })

  test('covers the truth about 95 times in a hundred', () => {
    const random = randomFrom('coverage')
    const bootstrap = new Bootstrap(60)
    let covered = 0
    for (let round = 0; round < 200; round++) {
      const { low, high } = bootstrap.share(Array.from({ length: 60 }, () => Number(random() < 0.6)))!
      if (low <= 0.6 && 0.6 <= high) covered++
    }
    expect(covered / 200).toBeGreaterThan(0.9)
    expect(covered / 200).toBeLessThan(0.99)
  })

  test('does not claim to be sure because every question came out alike', () => {
    const { value, low } = new Bootstrap(10).share(Array(10).fill(1))!
    expect(value).toBe(1)
    expect(low).toBeCloseTo(0.72, 2)
  })

  test('leaves out questions without a value, and says nothing where there are none', () => {
    expect(new Bootstrap(4).mean([1, undefined, 3, undefined])!.value).toBe(2)
    expect(new Bootstrap(2).mean([undefined, undefined])).toBeUndefined()
  })
})

describe('two recipes on the same questions', () => {
  const bootstrap = new Bootstrap(20)
  const first = (count: number) => Array.from({ length: 20 }, (_, at) => Number(at < count))

  test('p is that of the sign test where all questions that differ differ alike', () => {
    const found = paired(first(15), first(9), bootstrap)!
    expect(found).toMatchObject({ better: 6, worse: 0 })
    expect(found.value).toBeCloseTo(0.3)
    expect(found.p).toBeCloseTo(2 / 2 ** 6, 10)
    expect(found.low).toBeGreaterThan(0)
  })

  test('p is about that of the sign test where many differ', () => {
    const found = paired(first(20), first(5), bootstrap)!
    expect(found.p).toBeLessThan(0.001)
    const even = [...first(10)].map((value) => 1 - value)
    expect(paired(even, first(10), bootstrap)!.p).toBeGreaterThan(0.9)
  })

  test('the same is not different', () => {
    expect(paired(first(9), first(9), bootstrap)).toMatchObject({ value: 0, p: 1, better: 0, worse: 0 })
  })

  test('several at once are corrected by Holm', () => {
    expect(corrected([0.01, 0.04, 0.03])).toEqual([0.03, 0.06, 0.06])
    expect(corrected([0.5, 0.6])).toEqual([1, 1])
  })
})

test.each([
  [1, 10, 3, 0.3],
  [2, 4, 2, 1 - 1 / 6],
  [5, 5, 0, 0],
  [3, 5, 4, 1],
])('pass@%i from %i samples of which %i are right is %f', (k, n, right, expected) => {
  expect(passAt(k, n, right)).toBeCloseTo(expected, 10)
})

describe('a vote of n from drawn samples', () => {
  const prompt = { messages: [{ role: 'user', content: 'What is 6 × 7?' }] }
  const vote = (...answers: string[]) =>
    new VoteOf(
      prompt,
      answers.map((text) => ({ completion: { text, finish: 'stop' as const }, right: /42/.test(text) })),
    )

  test('over all of them is one vote, over one the share that is right', () => {
    const samples = vote('It is 42.', '41', '$42$', '40')
    expect(samples.share(4)).toBe(1)
    expect(samples.share(1)).toBe(0.5)
  })

  test('over some is the average over subsets', () => {
    // Of three of these, the right answer wins with both of its votes, or as the first of three that differ.
    expect(vote('42', '42', '41', '40').share(3)).toBeCloseTo(0.5 + 0.5 / 3, 1)
  })

  test('those without an answer do not vote unless there is nobody else', () => {
    const samples = vote('', '', '', '42')
    expect(samples.share(4)).toBe(1)
    expect(samples.share(2)).toBeCloseTo(0.5, 1)
  })
})
