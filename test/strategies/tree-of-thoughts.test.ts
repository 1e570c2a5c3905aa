import { describe, expect, test } from 'vitest'
import { execute, type Limits } from '#core'
import { treeOfThoughts } from '../../strategies/tree-of-thoughts.ts'
import { type Call, context, gate, heard, question, scripted, times } from '../helpers/scripted.ts'

const asked = question('Make 24 of 4, 9, 10, 13.', {
  stop: ['END'],
  rest: { response_format: { type: 'json_object' } },
})
type Options = Parameters<typeof treeOfThoughts>[0]

/** A model that proposes, values and concludes, each as told by the steps so far. */
type Tree = {
  readonly propose: (state: string, draw: number) => string
  readonly value?: (state: string, draw: number) => string
  readonly conclude?: (state: string, call: Call) => string | Promise<string>
}

function grown({ propose, value = () => 'likely', conclude = (state) => `Done: ${state}` }: Tree) {
  const log = { proposed: [] as string[], valued: [] as string[], concluded: [] as string[] }
  const upstream = scripted((call) => {
    const words = String(call.prompt.messages.at(-1)?.content)
    const state = /<steps>\n([\s\S]*)\n<\/steps>/.exec(words)?.[1] ?? ''
    if (words.includes('Write only the next step')) {
      if (call.draw === 0) log.proposed.push(state)
      return propose(state, call.draw)
    }
    if (words.includes('sure, likely or impossible')) {
      log.valued.push(state)
      return value(state, call.draw)
    }
    log.concluded.push(state)
    return conclude(state, call)
  })
  return { upstream, log }
}

const search = ({ upstream }: ReturnType<typeof grown>, options: Options, limits: Limits = {}) =>
  heard(execute(treeOfThoughts(options)(upstream.model), asked, { ...context, limits }))

test('the best few states of each depth are followed, and the best of the last is concluded', async () => {
  const tree = grown({
    propose: (_, draw) => 'abc'[draw]!,
    value: (state) => (state.endsWith('c') ? 'sure' : state.endsWith('b') ? 'likely' : 'impossible'),
  })
  const { completion, said, notes } = await search(tree, { depth: 2, breadth: 3, beam: 2 })
  expect(tree.log.proposed).toEqual(['', 'c', 'b'])
  expect(tree.log.valued.toSorted()).toEqual(['a', 'b', 'b\na', 'b\nb', 'b\nc', 'c', 'c\na', 'c\nb', 'c\nc'])
  expect(tree.log.concluded).toEqual(['c\nc'])
  expect(completion.text).toBe('Done: c\nc')
  expect(said.text).toBe('Done: c\nc')
  expect(notes).toEqual([
    'Step 1: 3 ways forward, the best 2 are followed.',
    'Step 2: 6 ways forward, the best 2 are followed.',
  ])
})

describe('a value', () => {
  const best = async (values: Record<string, string | readonly string[]>, evaluations = 1) => {
    const states = Object.keys(values)
    const tree = grown({
      propose: (_, draw) => states[draw]!,
      value: (state, draw) => [values[state]!].flat()[draw]!,
    })
    await search(tree, { depth: 1, breadth: states.length, beam: 1, evaluations })
    return tree.log.concluded[0]
  }

  test('is 20 for sure, 1 for likely, 0.001 for impossible, and 0 for none of them', async () => {
    expect(await best({ a: 'impossible', b: 'likely', c: 'Sure.' })).toBe('c')
    expect(await best({ a: 'impossible', b: 'LIKELY' })).toBe('b')
    expect(await best({ a: 'Who knows?', b: 'impossible' })).toBe('b')
  })

  test('is the sum over the evaluations, where one sure outweighs any likely', async () => {
    const sure = ['sure', ...times(15, () => 'impossible')]
    expect(await best({ a: times(16, () => 'likely'), b: sure }, 16)).toBe('b')
    expect(await best({ a: ['likely', 'impossible'], b: ['likely', 'likely'] }, 2)).toBe('b')
  })

  test('is that of the last word', async () => {
    expect(await best({ a: 'It is sure that this is\nimpossible', b: 'Not impossible:\n**likely**' })).toBe('b')
  })

  test('is not read out of unsure and unlikely', async () => {
    expect(await best({ a: 'I am unsure.', b: 'unlikely', c: 'impossible' })).toBe('c')
  })

  test('that is equal leaves the order of the proposals', async () => {
    expect(await best({ a: 'likely', b: 'likely' })).toBe('a')
  })
})

test('a state that was proposed twice is valued once', async () => {
  const tree = grown({ propose: (_, draw) => (draw === 2 ? 'b' : 'a') })
  await search(tree, { depth: 1, breadth: 3, beam: 1, evaluations: 1 })
  expect(tree.log.valued).toEqual(['a', 'b'])
})

describe('DONE', () => {
  test('from everywhere ends the search, without valuing anything again', async () => {
    const tree = grown({ propose: (state, draw) => (state === '' ? 'ab'[draw]! : '**DONE.**') })
    await search(tree, { depth: 8, breadth: 2, beam: 2 })
    expect(tree.log.valued).toEqual(['a', 'b'])
    expect(tree.log.concluded).toEqual(['a'])
  })

  test('of one state keeps it beside the others, at the value it has', async () => {
    const tree = grown({
      propose: (state, draw) => (state === '' ? 'a' : ['done', 'x'][draw]!),
      value: (state) => (state === 'a' ? 'sure' : 'likely'),
    })
    await search(tree, { depth: 2, breadth: 2, beam: 1 })
    expect(tree.log.valued).toEqual(['a', 'a\nx'])
    expect(tree.log.concluded).toEqual(['a'])
  })

  test('at once asks the question as it is', async () => {
    const tree = grown({ propose: () => 'DONE' })
    const { completion } = await search(tree, {})
    expect(completion.text).toBe('Done: ')
    expect(tree.upstream.calls.at(-1)?.prompt).toEqual(asked)
  })
})

test('empty proposals lead nowhere', async () => {
  const tree = grown({ propose: () => ' \n' })
  expect((await search(tree, {})).completion.text).toBe('Done: ')
})

test('what shapes the client’s answer shapes the conclusion alone', async () => {
  const tree = grown({ propose: () => 'a' })
  await search(tree, { depth: 1, breadth: 1 })
  const [proposal, valuation, conclusion] = tree.upstream.calls.map(({ prompt }) => prompt)
  for (const prompt of [proposal, valuation]) expect(prompt).toMatchObject({ rest: {} })
  for (const prompt of [proposal, valuation]) expect(prompt?.stop).toBeUndefined()
  expect(valuation?.maxTokens).toBe(2048)
  expect(conclusion).toMatchObject({ stop: ['END'], rest: asked.rest })
})

test('the conclusion streams as it is said', async () => {
  const more = gate()
  const tree = grown({
    propose: () => 'a',
    conclude: async (_, { speak }) => {
      speak('It ')
      await more.promise
      return 'It is 24.'
    },
  })
  const tail: string[] = []
  const { events } = execute(treeOfThoughts({ depth: 1, breadth: 1 })(tree.upstream.model), asked, context)
  for await (const event of events) {
    if (event.type !== 'text-delta' || !event.tail) continue
    tail.push(event.text)
    more.open()
  }
  expect(tail).toEqual(['It ', 'is 24.'])
})

test('a budget of calls ends the search in time to conclude', async () => {
  const tree = grown({ propose: (_, draw) => `${draw}` })
  const { completion } = await search(tree, {}, { calls: 10 })
  expect(completion.text).toBe('Done: 0')
  expect(tree.upstream.calls).toHaveLength(7)
})

test('a failed proposal or evaluation of several is left out', async () => {
  const fail = (): never => {
    throw new Error('Gone.')
  }
  const tree = grown({
    propose: (_, draw) => (draw === 0 ? fail() : 'b'),
    value: (_, draw) => (draw === 0 ? fail() : 'sure'),
  })
  const { completion } = await search(tree, { depth: 1, breadth: 2, evaluations: 2 })
  expect(completion.text).toBe('Done: b')
})
