import { expect, test } from 'vitest'
import { type DemoOptions, demo } from '../../../src/upstream/demo.ts'
import { answerOf, contentOf, numberOf, proxy } from './ask.ts'

const questions = Array.from({ length: 40 }, (_, index) => {
  const [a, b, c] = [13 + 7 * index, 12 + (index % 9), 5 + index]
  return {
    question: `A shop sells ${a} boxes of ${b} pens and then ${c} more pens. How many pens in total?`,
    answer: a * b + c,
  }
})

async function score(model: string, options: DemoOptions = {}) {
  const ask = proxy(options)
  const asked = questions.map(
    async ({ question, answer }, seed) => numberOf(await ask(model, question, seed)) === answer,
  )
  return (await Promise.all(asked)).filter(Boolean).length
}

test('a vote of sixteen is right clearly more often than one sample', async () => {
  const [one, voted] = [await score('demo'), await score('demo+self-consistency@16')]
  expect(one).toBeLessThan(32)
  expect(voted).toBeGreaterThanOrEqual(38)
})

test('the best of eight by the judge is right clearly more often than one sample', async () => {
  expect(await score('demo+best-of-n@8')).toBeGreaterThanOrEqual(36)
})

test('a tree of thoughts is understood step by step: without slips it is always right', async () => {
  expect(await score('demo+tree-of-thoughts', { errorRate: 0 })).toBe(questions.length)
})

test('a judge’s prompt is answered with a score that follows the truth', async () => {
  const ask = demo({ errorRate: 0 })
  const prompt = (candidate: string) =>
    `Grade an answer to a question.\n\n<question>\n[user] What is 17 × 24?\n</question>\n\n<candidate>\n${candidate}\n</candidate>\n\nEnd with a line of the form\nScore: N`
  const mean = async (candidate: string) => {
    const grades = await Promise.all(
      Array.from({ length: 40 }, async (_, seed) => {
        const said = answerOf(await contentOf(ask, { question: prompt(candidate), seed }))
        return Number(/Score: (\d+)$/.exec(said)?.[1])
      }),
    )
    expect(grades.every((grade) => grade >= 0 && grade <= 10)).toBe(true)
    return grades.reduce((sum, grade) => sum + grade, 0) / grades.length
  }
  expect(await mean('The answer is 408.')).toBeGreaterThan(6.5)
  expect(await mean('The answer is 418.')).toBeLessThan(3.5)
})

test('a judge of what is no arithmetic is undecided rather than silent', async () => {
  const question = '<question>\nWho?\n</question>\n<candidate>\nMe.\n</candidate>\nEnd with Score: N'
  expect(answerOf(await contentOf(demo(), { question }))).toMatch(/Score: 5$/)
})

test('a prompt for the next step is answered with the next step alone', async () => {
  const ask = demo({ errorRate: 0 })
  const step = async (steps: string) => {
    const asked = `${steps ? `Steps so far:\n<steps>\n${steps}\n</steps>\n\n` : ''}Write only the next step towards the solution of the task above. If no further step is needed, write only: DONE`
    const messages = [
      { role: 'user', content: 'What is 17 × 24?' },
      { role: 'user', content: asked },
    ]
    return answerOf(await contentOf(ask, { messages }))
  }
  const first = await step('')
  expect(first).toBe('17 × 20 = 340')
  const second = await step(first)
  expect(second).toBe('17 × 4 = 68')
  expect(await step(`${first}\n${second}`)).toMatch(/^340 \+ 68 = 408\n.*408/)
})

test('a prompt that values steps is answered with one of its words', async () => {
  const ask = demo({ errorRate: 0 })
  const value = async (steps: string) => {
    const asked = `Steps so far:\n<steps>\n${steps}\n</steps>\n\nCan these steps lead to a correct solution? End with one word: sure, likely or impossible.`
    const messages = [
      { role: 'user', content: 'What is 17 × 24?' },
      { role: 'user', content: asked },
    ]
    const words = await Promise.all(
      Array.from({ length: 30 }, async (_, seed) => answerOf(await contentOf(ask, { messages, seed }))),
    )
    expect(words.every((word) => /^(sure|impossible)$/.test(word))).toBe(true)
    return words.filter((word) => word === 'sure').length
  }
  expect(await value('17 × 20 = 340')).toBeGreaterThan(18)
  expect(await value('17 × 20 = 350')).toBeLessThan(12)
})
