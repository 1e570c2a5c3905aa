import { expect, test } from 'vitest'
import { demo } from '../../../src/upstream/demo.ts'
import { contentOf, numberOf, reply } from './ask.ts'

const expressions: [string, number][] = [
  ['What is 17 × 24?', 408],
  ['How much is 6 times 7?', 42],
  ['What is 12 + 30?', 42],
  ['Compute (3 + 4) * 5 - 6 / 2.', 32],
  ['What is 2 * (3 + (10 - 4) / 2)?', 12],
  ['What is -3 - -5?', 2],
  ['What is 15% of 80?', 12],
  ['what is 1,200 divided by 4', 300],
  ['What is 0.1 + 0.2?', 0.3],
  ['What is \\(12 \\times 12\\)?', 144],
  ['7*8', 56],
  ['What is seventy-two minus thirty?', 42],
]

const stories: [string, number][] = [
  ['Tom has 5 apples and buys 7 more. How many apples does he have now?', 12],
  ['Sara had 20 pencils. She gave 6 to Ann and lost 3. How many pencils are left?', 11],
  ['There are 4 shelves with 25 books each. How many books are there in total?', 100],
  ['24 sweets are shared equally among 6 children. How many does each child get?', 4],
  ['A shirt costs 15 dollars. How much do 3 shirts cost?', 45],
  ['John reads 20 pages each day for 7 days. How many pages does he read?', 140],
  ['A baker made 48 rolls and sold 19. Then he baked 12 more. How many rolls does he have?', 41],
  ['Tim has twelve cards. He buys three packs of five cards. How many cards does he have in total?', 27],
  ['There are 15 red and 9 blue balls. How many more red than blue balls are there?', 6],
  ['A farmer has 7 cows and twice as many sheep. How many animals does he have in total?', 21],
  ['A class of 30 students is split into groups of 5. How many groups are there?', 6],
  ['Lena buys 3 notebooks at 4 dollars each and a pen for 2 dollars. How much does she spend in total?', 14],
  [
    'Roger has 5 tennis balls. He buys 2 more cans of tennis balls. Each can has 3 tennis balls. How many does he have now?',
    11,
  ],
  ['If there are 3 cars in the parking lot and 2 more cars arrive, how many cars are in the parking lot?', 5],
  ['Leah had 32 chocolates and her sister had 42. If they ate 35, how many pieces do they have left in total?', 39],
  [
    'Michael had 58 golf balls. On Tuesday, he lost 23. On Wednesday, he lost 2 more. How many did he have at the end?',
    33,
  ],
  [
    'Natalia sold clips to 48 friends in April, and then she sold half as many clips in May. How many clips did she sell altogether?',
    72,
  ],
]

const right = demo({ errorRate: 0 })

test.each([...expressions, ...stories])('%s', async (question, answer) => {
  for (const seed of [1, 2, 3]) expect(numberOf(await contentOf(right, { question, seed }))).toBe(answer)
})

test.each(['What is 5 / 0?', 'What is 2^10?', 'Solve x + 3 = 5 for x.', 'What is 9 times Napoleon?'])(
  '"%s" is beyond it, and it says so',
  async (question) => {
    expect(await contentOf(right, { question })).toContain('I am the simulation')
  },
)

test('the thinking does the computation step by step', async () => {
  expect(await contentOf(right, { seed: 1 })).toMatch(/17 × 20 = 340[\s\S]*17 × 4 = 68[\s\S]*340 \+ 68 = 408/)
})

test('the stated share of the replies is wrong, each for a slip that its thinking shows', async () => {
  const { choices } = await reply(demo({ errorRate: 0.35 }), { n: 128, seed: 5 })
  const contents = choices.map(({ message }) => message.content)
  const wrong = contents.filter((content) => numberOf(content) !== 408)
  expect(wrong.length).toBeGreaterThan(128 * 0.2)
  expect(wrong.length).toBeLessThan(128 * 0.5)
  for (const content of wrong) expect(content.split('</think>')[0]).toContain(String(numberOf(content)))
})

test('wrong answers scatter while the right one recurs', async () => {
  const { choices } = await reply(demo({ errorRate: 0.5 }), { n: 128, seed: 6 })
  const counts = new Map<number, number>()
  for (const { message } of choices)
    counts.set(numberOf(message.content), (counts.get(numberOf(message.content)) ?? 0) + 1)
  const right = counts.get(408)!
  counts.delete(408)
  expect(Math.max(...counts.values())).toBeLessThan(right / 2)
  expect(counts.size).toBeGreaterThan(5)
})
