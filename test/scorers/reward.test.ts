import { describe, expect, test } from 'vitest'
import { named, opinionOf, replying, said, scoring } from '../helpers/scoring.ts'
import { question } from '../helpers/scripted.ts'

const prm = { kind: 'pooling', model: 'Qwen/Qwen2.5-Math-PRM-7B' }

async function rate(service: object, reply: unknown, candidate = 'One.\n\nTwo.', options: object = {}) {
  const reward = replying(() => reply, service)
  const { found, notes } = await scoring(
    named('reward', { ...options }),
    { prompt: question('How much?'), services: { reward } },
    (run) => run.opinion(said(candidate, { thinking: 'Hm.' })),
  )
  return { opinion: found, notes, body: reward.bodies[0] }
}

const messages = [
  { role: 'user', content: 'How much?' },
  { role: 'assistant', content: 'One.\n\nTwo.' },
]

describe('each kind of reward model is asked and read in its own form', () => {
  test.each([
    [
      'score',
      { text_1: 'How much?', text_2: 'One.\n\nTwo.' },
      { object: 'list', data: [{ index: 0, object: 'score', score: 0.25 }], usage: {} },
    ],
    ['classify', { messages }, { data: [{ index: 0, label: 'LABEL_1', probs: [0.75, 0.25], num_classes: 2 }] }],
    ['pooling', { messages, encoding_format: 'float' }, { data: [{ index: 0, object: 'pooling', data: [0.25] }] }],
    [
      'rerank',
      { query: 'How much?', documents: ['One.\n\nTwo.'] },
      { id: 'x', results: [{ index: 0, document: { text: 'One.' }, relevance_score: 0.25 }] },
    ],
    ['openai', { messages }, { choices: [{ message: { role: 'assistant', content: 'reward:0.25' } }] }],
  ])('%s', async (kind, body, reply) => {
    const rated = await rate({ kind, model: 'm' }, reply)
    expect(rated.body).toEqual({ model: 'm', ...body })
    expect(rated.opinion?.score).toBe(0.25)
  })

  test.each([
    ['reward:0.5', 0.5],
    ['helpfulness:0.5,correctness:0.9', 0.5],
    [' 0.5 ', 0.5],
    ['{"score": 0.5}', 0.5],
    ['I like it.', undefined],
  ])('a chat that says %j', async (content, score) => {
    expect((await rate({ kind: 'openai' }, { choices: [{ message: { content } }] })).opinion?.score).toBe(score)
  })

  test('without a model’s name none is sent', async () => {
    expect((await rate({ kind: 'score' }, { data: [{ score: 1 }] })).body).not.toHaveProperty('model')
  })

  test.each(['score', 'classify', 'pooling', 'rerank', 'openai'])(
    'a reply of another form to %s is an error',
    async (kind) => {
      await expect(rate({ kind }, { data: 'x' })).rejects.toThrow('another form than MULL_REWARD_KIND says')
    },
  )
})

describe('a process reward model', () => {
  const rows = (...good: readonly (number | null)[]) => ({
    data: [{ data: good.map((good) => [good === null ? null : 1 - good, good]) }],
  })

  test('rates steps, each with its tag behind it', async () => {
    const { body, opinion } = await rate(prm, rows(0.9, 0.4))
    expect(body?.['messages']).toEqual([messages[0], { role: 'assistant', content: 'One.<extra_0>Two.<extra_0>' }])
    expect(opinion).toEqual({ score: 0.4, detail: 'Steps 0.90, 0.40.' })
  })

  test.each([
    ['last', 0.5],
    ['min', 0.2],
    ['prod', 0.08],
    ['mean', 0.5],
  ])('by %s', async (aggregate, score) => {
    const { opinion } = await rate(prm, rows(0.8, 0.2, 0.5), 'One.\n\nTwo.\n\nThree.', { aggregate })
    expect(opinion?.score).toBeCloseTo(score)
  })

  test.each([
    ['fewer steps than were sent', rows(0.9)],
    ['a value for every token', rows(0.9, 0.9, 0.9, 0.9, 0.9)],
    ['a step without a number', rows(0.9, null)],
  ])('with %s has no opinion, and says so', async (_, reply) => {
    const { opinion, notes } = await rate(prm, reply)
    expect(opinion).toBeUndefined()
    expect(notes.join()).toContain('one for each of 2 steps')
  })

  test('may rate steps in a flat list, at another tag, with the good label first', async () => {
    expect((await rate(prm, { data: [{ data: [0.9, 0.4] }] })).opinion?.score).toBe(0.4)
    const { body } = await rate({ kind: 'pooling' }, rows(0.1, 0.1), undefined, { tag: '+', divider: '. ' })
    expect(JSON.stringify(body)).toContain('One.\\n\\nTwo.+')
    expect((await rate(prm, rows(0.9, 0.4), undefined, { label: 0 })).opinion?.score).toBeCloseTo(0.6)
  })

  test('is not misled by a candidate that writes the tag', async () => {
    const { body } = await rate(prm, rows(0.9, 0.4), 'One.<extra_0><extra_0>\n\nTwo.')
    expect(JSON.stringify(body).match(/<extra_0>/g)).toHaveLength(2)
  })
})

test('of an outcome model that rates every token the last value counts', async () => {
  expect((await rate({ kind: 'pooling' }, { data: [{ data: [[0.1], [0.9], [0.3]] }] })).opinion?.score).toBe(0.3)
})

describe('logits', () => {
  const logit = (score: number, options = {}) => rate({ kind: 'score' }, { data: [{ score }] }, 'x', options)
  const sigmoid = (value: number) => 1 / (1 + Math.exp(-value))

  test.each([-3, 2, 40])('%d is seen to be one', async (value) => {
    expect((await logit(value)).opinion?.score).toBeCloseTo(sigmoid(value))
  })

  test('are said to be some, or none', async () => {
    expect((await logit(0.5, { logits: true })).opinion?.score).toBeCloseTo(sigmoid(0.5))
    expect((await logit(1.0001, { logits: false })).opinion?.score).toBe(1)
    expect((await logit(0.5)).opinion?.score).toBe(0.5)
  })

  test('of candidates scored together are all squashed or none, so that their order stays', async () => {
    const values: Record<string, number> = { a: 0.99, b: 1.5, c: -2 }
    const reward = replying(({ text_2: text }) => ({ data: [{ score: values[String(text)] }] }), { kind: 'score' })
    const { found } = await scoring('reward', { services: { reward } }, (run) =>
      run.each(['a', 'b', 'c'], (text) => run.score(said(text))),
    )
    expect(found.map((score) => score?.toFixed(4))).toEqual([0.99, 1.5, -2].map((value) => sigmoid(value).toFixed(4)))
  })

  test('that are no numbers are missing', async () => {
    expect((await rate({ kind: 'score' }, { data: [{ score: null }] })).opinion).toBeUndefined()
  })
})

test('an empty answer is worth nothing, and nobody is asked', async () => {
  const { body, opinion } = await rate({ kind: 'score' }, {}, '')
  expect(opinion?.score).toBe(0)
  expect(body).toBeUndefined()
})

test('without a reward model it says so', async () => {
  await expect(opinionOf('reward', 'x')).rejects.toThrow('No reward is set up')
})
