import { describe, expect, test } from 'vitest'
import { execute, type Message, type Prompt, UpstreamFailed } from '#core'
import { leap } from '../../strategies/leap.ts'
import { combining, context, costOf, framesOf, shaped, wordsOf } from '../helpers/combining.ts'
import { type Call, gate, heard, type Line, scripted } from '../helpers/scripted.ts'

type Stage = 'err' | 'learn' | 'condense' | 'answer'

function stageOf(call: Pick<Call, 'prompt'>): Stage {
  const words = wordsOf(call)
  if (words.includes('make a mistake')) return 'err'
  if (words.includes('Find where the attempt goes wrong')) return 'learn'
  return words.includes('Sum it up') ? 'condense' : 'answer'
}

type Says = Partial<Record<Stage, (call: Call) => Line>>
const usual: Record<Stage, (call: Call) => Line> = {
  err: (call) => `Not ${framesOf('question', call)[0]}`,
  learn: (call) => `It forgets the carry.\n- Heed ${framesOf('answer', call)[0]}.`,
  condense: (call) =>
    framesOf('lesson', call)
      .map((_, i) => `${i + 1}. Principle ${i}`)
      .join('\n'),
  answer: ({ order }) => `${order}`,
}
const learning =
  (says: Says = {}) =>
  (call: Call): Line => {
    const stage = stageOf(call)
    return (says[stage] ?? usual[stage])(call)
  }
const two = `Q: 2 + 2?\nA: 4\n\nQ: 3 * 3?\nA: Three threes.\nSo 9.\n\nQ: 4 * 5?\nA:`
const withExamples = (text: string): Prompt => ({ ...shaped, messages: [{ role: 'user', content: text }] })
const ask = async (prompt: Prompt, says: Says = {}, options: Parameters<typeof leap>[0] = {}, limits = {}) => {
  const upstream = scripted(learning(says))
  const heardOf = await heard(execute(leap(options)(upstream.model), prompt, { ...context, limits }))
  return { upstream, stages: upstream.calls.map(stageOf), ...heardOf }
}

combining(leap(), learning(), {
  calls: 6,
  essential: [5],
  asked: withExamples(`What is 6 times 7?\n\n${two}`),
})

test('it costs what it says', async () => {
  const four = [1, 2, 3, 4, 5].map((i) => `Q: ${i}?\nA: ${i}`).join('\n\n')
  const cost = await costOf(leap, {}, learning(), withExamples(four))
  expect(cost).toEqual({ spent: { calls: 10, depth: 4 }, stated: { calls: 10, depth: 4 } })
})

test('mistakes on the examples teach principles, which the answer heeds', async () => {
  const { upstream, completion, notes } = await ask(withExamples(two))
  const [first, second] = upstream.calls.filter((call) => stageOf(call) === 'learn')
  expect(framesOf('attempt', first!)).toEqual(['Not Q: 2 + 2?'])
  expect(framesOf('answer', second!)).toEqual(['Three threes.\nSo 9.'])
  const condensing = upstream.calls.find((call) => stageOf(call) === 'condense')!
  expect(framesOf('lesson', condensing)[1]).toBe('It forgets the carry.\n- Heed Three threes.\nSo 9..')
  expect(framesOf('principles', upstream.calls.at(-1)!)).toEqual(['- Principle 0\n- Principle 1'])
  expect(wordsOf(upstream.calls.at(-1)!).startsWith(two)).toBe(true)
  expect(completion.text).toBe('5')
  expect(notes).toEqual(['2 principles were learnt from 2 mistakes.'])
})

test('what nobody minds without a principle is minded with it', async () => {
  const { completion } = await ask(withExamples(two), {
    condense: () => '- Carry the one.',
    answer: (call) => (framesOf('principles', call)[0] === '- Carry the one.' ? '42' : '32'),
  })
  expect(completion.text).toBe('42')
})

test('mistakes are made without sight of the right answer', async () => {
  const { upstream } = await ask(withExamples(two))
  for (const call of upstream.calls.filter((call) => stageOf(call) === 'err'))
    expect(wordsOf(call)).not.toMatch(/A: |nine|Three/)
})

test('at most eight principles are kept', async () => {
  const many = Array.from({ length: 12 }, (_, i) => `- Principle ${i}`).join('\n')
  const { upstream } = await ask(withExamples(two), { condense: () => many })
  expect(framesOf('principles', upstream.calls.at(-1)!)[0]?.split('\n')).toHaveLength(8)
})

test('without examples the prompt is answered as it is, with one call', async () => {
  const { upstream, notes } = await ask(shaped)
  expect(upstream.calls.map(({ prompt }) => prompt)).toEqual([shaped])
  expect(notes).toEqual(['The prompt is answered as it is: it has no examples to learn from.'])
})

test('where nothing is learnt the prompt is answered as it is', async () => {
  const { upstream, notes } = await ask(withExamples(two), { learn: () => ' ' })
  expect(upstream.calls.at(-1)?.prompt).toEqual(withExamples(two))
  expect(notes).toEqual(['The prompt is answered as it is: nothing was learnt from its examples.'])
})

test.each([
  [
    'fail',
    (): never => {
      throw new UpstreamFailed('overloaded', 'Too busy.', 503)
    },
  ],
  ['cannot be had', () => ''],
])('where general principles %s those of the examples do', async (_, condense) => {
  const { upstream } = await ask(withExamples('Q: 2 + 2?\nA: 4\n\nQ: 1?'), { condense })
  expect(framesOf('principles', upstream.calls.at(-1)!)).toEqual(['- Heed 4.'])
})

test('a budget of calls leaves enough to answer with', async () => {
  const stages = async (calls: number) => (await ask(withExamples(two), {}, {}, { calls })).stages
  expect(await stages(3)).toEqual(['answer'])
  expect(await stages(4)).toEqual(['err', 'learn', 'condense', 'answer'])
})

test('the answer streams as it is said', async () => {
  const more = gate()
  const upstream = scripted(async (call) => {
    if (stageOf(call) !== 'answer') return learning()(call)
    call.speak('It ')
    await more.promise
    return 'It is 42.'
  })
  const tail: string[] = []
  for await (const event of execute(leap()(upstream.model), withExamples(two), context).events) {
    if (event.type !== 'text-delta' || !event.tail) continue
    tail.push(event.text)
    more.open()
  }
  expect(tail).toEqual(['It ', 'is 42.'])
})

describe('examples are found', () => {
  const found = async (prompt: Prompt, options = {}) => {
    const { upstream } = await ask(prompt, {}, options)
    const learn = upstream.calls.filter((call) => stageOf(call) === 'learn')
    return learn.map((call) => [framesOf('question', call)[0], framesOf('answer', call)[0]])
  }
  const user = (content: unknown, name?: string): Message => ({ role: 'user', content, ...(name ? { name } : {}) })
  const assistant = (content: string): Message => ({ role: 'assistant', content })

  test.each<[string, string, unknown[]]>([
    [
      'by labels',
      two,
      [
        ['Q: 2 + 2?', '4'],
        ['Q: 3 * 3?', 'Three threes.\nSo 9.'],
      ],
    ],
    ['by other labels', 'Solve.\nInput: 1\nOutput: 2\nInput: 2\nOutput:', [['Input: 1', '2']]],
    [
      'by labels in bold, with numbers',
      '**Question 1:** x?\n**Answer 1:** y\n\n**Question 2:** z?',
      [['**Question 1:** x?', 'y']],
    ],
    [
      'with what they are about',
      'Passage: Rain.\nQuestion: Wet?\nAnswer: yes\n\nPassage: Sun.\nQuestion: Wet?\nAnswer:',
      [['Passage: Rain.\nQuestion: Wet?', 'yes']],
    ],
    ['not in options', 'Question: which?\nA: one\nB: two\nC: three', []],
    ['not in an answer without a question', 'Say it so.\nAnswer: 4', []],
    ['not in instructions', 'Question: 6 * 7? End with a line "Answer: N".', []],
  ])('%s', async (_, text, examples) => {
    expect(await found(withExamples(text))).toEqual(examples)
  })

  test('in parts of a message, and in the system’s', async () => {
    const parts = user([
      { type: 'text', text: 'Q: a?\nA: b' },
      { type: 'image_url', image_url: {} },
    ])
    expect(await found({ messages: [{ role: 'system', content: 'Q: c?\nA: d' }, parts] })).toEqual([
      ['Q: c?', 'd'],
      ['Q: a?', 'b'],
    ])
  })

  test('in turns that are named so', async () => {
    const messages = [
      { role: 'system', name: 'example_user', content: 'a?' },
      { role: 'system', name: 'example_assistant', content: 'b' },
      user('c?'),
    ]
    expect(await found({ messages })).toEqual([['a?', 'b']])
  })

  test('in any turns where the option says so, and else not', async () => {
    const messages = [user('a?'), assistant('b'), user('c?')]
    expect(await found({ messages })).toEqual([])
    expect(await found({ messages }, { turns: true })).toEqual([['a?', 'b']])
  })
})
