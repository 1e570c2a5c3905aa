import { describe, expect, test } from 'vitest'
import { canonicalJson } from '../../src/answers/index.ts'
import type { Completion, Prompt, Voting } from '../../src/core/index.ts'
import { AnswerTally, answerOf } from '../../src/vote/index.ts'

const asked: Prompt = { messages: [{ role: 'user', content: 'How much is it?' }] }

function heard(
  texts: readonly (string | Partial<Completion>)[],
  { question = asked, voting = {} as Voting, scores = [] as number[] } = {},
) {
  const notes: string[] = []
  const tally = new AnswerTally(question, (text) => notes.push(text), voting)
  for (const [index, said] of texts.entries())
    tally.add({ text: '', finish: 'stop', index, ...(typeof said === 'string' ? { text: said } : said) }, scores[index])
  return { tally, notes }
}

describe('a vote', () => {
  test('goes to the largest group of equivalent answers, whatever their form', () => {
    const { tally } = heard(['The answer is 0.5.', 'So \\boxed{2}', '\\boxed{\\frac12}'])
    expect(tally.winner.index).toBe(0)
    expect(tally.result.votes[0]).toMatchObject({ count: 2, weight: 2 })
  })

  test('shows the form that most of the group use', () => {
    const { tally } = heard(['\\boxed{\\frac12}', '\\boxed{0.5}', '\\boxed{0.5}'])
    expect(tally.result.votes).toEqual([{ answer: '0.5', count: 3, weight: 3 }])
  })

  test('is not taken from those that abstain, who count for the agreement', () => {
    const { tally } = heard([
      "I'm sorry, but I can't help with that.",
      '',
      '\\boxed{4}',
      { text: 'x', finish: 'filter' },
    ])
    expect(tally.result).toEqual({ votes: [{ answer: '4', count: 1, weight: 1 }], abstained: 3, agreement: 0.25 })
  })

  test('is weighed after it was heard, by who has a score, and told', () => {
    const { tally, notes } = heard(['41', '41', '42', '43'])
    const [, second, third, fourth] = tally.groups.flatMap(({ members }) => members)
    tally.weigh(second!, 0.25).weigh(third!, 0.75).weigh(fourth!, undefined)
    expect(tally.heard).toBe(4)
    expect(tally.groups.map(({ answer, weight }) => [answer, weight])).toEqual([
      ['41', 0.75],
      ['42', 0.75],
      ['43', 0.5],
    ])
    tally.weigh(third!, 1)
    expect(tally.winner.text).toBe('42')
    expect(notes.slice(4)).toEqual(['Sample 2 weighs 0.25.', 'Sample 3 weighs 0.75.', 'Sample 3 weighs 1.00.'])
  })

  test('of prose counts only where nobody comes to an answer', () => {
    const essay = `${'Many words about nothing in particular go here and there. '.repeat(6)}They end without one`
    expect(heard([essay, '\\boxed{4}']).tally.winner.index).toBe(1)
    expect(heard([essay, `${essay} indeed`]).tally.winner.index).toBe(0)
  })

  test('of texts that were cut off counts only announced answers', () => {
    const cut = (text: string) => ({ text, finish: 'length' as const })
    const { tally } = heard([cut('We get 5 and then'), cut('\\boxed{7} as'), cut('It may be 5 or')])
    expect(tally.result).toMatchObject({ votes: [{ answer: '7', count: 1 }], abstained: 2 })
  })

  test('of texts that were cut off decides nothing yet, and their notes say so', () => {
    const cut = (text: string) => ({ text, finish: 'length' as const })
    const { tally, notes } = heard([cut('\\boxed{7} as'), cut('\\boxed{7} as'), cut('It may be 5 or')])
    expect([tally.margin, tally.lead]).toEqual([0, 0.5])
    expect(notes[0]).toBe('Sample 1: 7, cut off by the token limit.')
    expect(notes[2]).toBe('Sample 3: no answer, cut off by the token limit.')
    tally.add({ text: '\\boxed{8}', finish: 'stop', index: 3 })
    expect([tally.margin, tally.winner.index]).toEqual([1, 3])
  })

  test('comes to the same whatever order its samples come in', () => {
    const texts = ['\\boxed{5 km}', '\\boxed{5}', '\\boxed{5 m}', 'Long words', '\\boxed{5 m}', '\\boxed{1/2}']
    const { tally } = heard(texts)
    const reversed = new AnswerTally(asked)
    for (const [index, text] of [...texts.entries()].reverse()) {
      reversed.add({ text, finish: 'stop', index })
      expect(reversed.margin).toBeGreaterThanOrEqual(0)
    }
    expect(reversed.result).toEqual(tally.result)
  })

  test('compares a pair of answers once, however many samples are added', () => {
    const { tally } = heard(Array.from({ length: 256 }, (_, at) => `\\boxed{\\sqrt{${at % 60}} + ${at}}`))
    expect(tally.result.votes).toHaveLength(256)
  })

  test('is weighed by scores', () => {
    const { tally } = heard(['\\boxed{1}', '\\boxed{1}', '\\boxed{2}'], { scores: [0.2, 0.2, 0.9] })
    expect(tally.winner.index).toBe(2)
  })

  test('tells how sure its leader is', () => {
    expect(heard(['\\boxed{1}', '\\boxed{1}', '\\boxed{1}']).tally.lead).toBeCloseTo(0.9375)
    expect(heard(['\\boxed{1}', '\\boxed{2}']).tally.margin).toBe(0)
  })

  test('knows the options of the question by their text', () => {
    const question = {
      messages: [{ role: 'user', content: 'What makes energy?\nA) Ribosomes\nB) Mitochondria\nC) Lysosomes' }],
    }
    const { tally } = heard(['Mitochondria', 'The answer is B.', 'The answer is A.'], { question })
    expect(tally.result.votes[0]?.count).toBe(2)
  })

  test('follows the policy of its strategy', () => {
    expect(heard(['\\boxed{10\\%}', '\\boxed{10}']).tally.result.votes).toHaveLength(2)
    expect(heard(['\\boxed{10\\%}', '\\boxed{10}'], { voting: { percent: true } }).tally.result.votes).toHaveLength(1)
  })

  test('says that samples from a cache are no samples', () => {
    const text = `${'The same long way to the same end. '.repeat(10)}\\boxed{4}`
    expect(heard([text, text, text]).notes.at(-1)).toContain('cache')
    expect(heard([text, text, `${text} `]).notes.at(-1)).not.toContain('cache')
  })
})

describe('structured answers', () => {
  const call = (name: string, args: string) => [{ id: 'x', type: 'function', function: { name, arguments: args } }]
  const object = {
    type: 'object',
    properties: { n: { type: 'integer' }, tag: { enum: ['a', 'b'] } },
    required: ['n', 'tag'],
    additionalProperties: false,
  }
  const question: Prompt = {
    ...asked,
    rest: { response_format: { type: 'json_schema', json_schema: { name: 'x', schema: object } } },
  }

  test('tool calls vote by name and the value of their arguments', () => {
    const { tally } = heard([
      { toolCalls: call('f', '{"a":1,"b":2}') },
      { toolCalls: call('g', '{}') },
      { toolCalls: call('f', '{ "b": 2.0, "a": 1 }') },
    ])
    expect(tally.result.votes.map(({ count }) => count)).toEqual([2, 1])
  })

  test('json votes by value, and does not vote if it breaks the schema or is none', () => {
    const { tally } = heard(
      [
        '{"n":1,"tag":"a"}',
        '{"tag":"a","n":1.0}',
        '{"n":"1","tag":"a"}',
        '{"n":1}',
        '{"n":1,"tag":"a","more":1}',
        'n is 1',
      ],
      { question },
    )
    expect(tally.result).toMatchObject({ votes: [{ count: 2 }], abstained: 4 })
  })

  test('fields are voted on one by one if that is asked for', () => {
    const texts = ['{"n":1,"tag":"a"}', '{"n":2,"tag":"b"}', '{"n":9,"tag":"b"}', '{"n":1,"tag":"b"}']
    expect(JSON.parse(heard(texts, { question, voting: { fields: 'majority' } }).tally.winner.text)).toEqual({
      n: 1,
      tag: 'b',
    })
    expect(JSON.parse(heard(texts.slice(0, 3), { question, voting: { fields: 'median' } }).tally.winner.text)).toEqual({
      n: 2,
      tag: 'b',
    })
  })

  test('a consensus that breaks the schema is not returned', () => {
    const either = {
      ...object,
      anyOf: [
        { properties: { n: { const: 1 }, tag: { const: 'a' } } },
        { properties: { n: { minimum: 2 }, tag: { const: 'b' } } },
      ],
    }
    const strict: Prompt = {
      ...asked,
      rest: { response_format: { type: 'json_schema', json_schema: { schema: either } } },
    }
    const { tally } = heard(['{"n":1,"tag":"a"}', '{"n":2,"tag":"b"}', '{"n":3,"tag":"b"}'], {
      question: strict,
      voting: { fields: 'majority' },
    })
    expect(tally.winner.text).toBe('{"n":1,"tag":"a"}')
  })

  test('what nests too deep to be read is compared as it stands, and breaks nothing', () => {
    const deep = '['.repeat(50_000) + ']'.repeat(50_000)
    const { tally } = heard([
      { toolCalls: call('f', deep) },
      { toolCalls: call('f', deep) },
      { toolCalls: call('f', '[]') },
    ])
    expect(tally.result.votes.map(({ count }) => count)).toEqual([2, 1])
    const fields = heard([deep, `{"n":${deep},"tag":"a"}`], { question, voting: { fields: 'majority' } })
    expect(fields.tally.result.abstained).toBe(2)
    expect(canonicalJson(JSON.parse(deep))).not.toBe(canonicalJson(JSON.parse(deep)))
  })

  test('an answer is read once and known again', () => {
    const completion: Completion = { text: '\\boxed{5}', finish: 'stop' }
    expect(answerOf(completion, asked)).toBe(answerOf(completion, asked))
  })
})
