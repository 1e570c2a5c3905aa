import { describe, expect, test } from 'vitest'
import { execute, type Limits } from '#core'
import { treeOfThoughts } from '../../strategies/tree-of-thoughts.ts'
import { type Call, context, gate, heard, never, question, scripted, times } from '../helpers/scripted.ts'
import { measured, stated, treeOf } from '../helpers/search.ts'

const asked = question('Make 24 of 4, 9, 10, 13.', {
  stop: ['END'],
  rest: { response_format: { type: 'json_object' } },
})
type Options = Parameters<typeof treeOfThoughts>[0]

/** A model that proposes, values and concludes, each as told by the steps so far. */
type Tree = {
  readonly propose: (state: string, draw: number) => string
  readonly value?: (state: string, draw: number) => string
  readonly vote?: (choices: readonly string[], draw: number) => string
  readonly conclude?: (state: string, call: Call) => string | Promise<string>
}

const logOf = () => ({
  proposed: [] as string[],
  valued: [] as string[],
  ballots: [] as string[][],
  concluded: [] as string[],
})

function grown({
  propose,
  value = () => 'likely',
  vote = () => 'Best: 1',
  conclude = (state) => `Done: ${state}`,
}: Tree) {
  const log = logOf()
  const upstream = scripted((call) => {
    const words = String(call.prompt.messages.at(-1)?.content)
    const state = /<steps>\n([\s\S]*)\n<\/steps>/.exec(words)?.[1] ?? ''
    if (words.includes('Write only the next step')) {
      if (call.draw === 0) log.proposed.push(state)
      return propose(state, call.draw)
    }
    if (words.includes('List up to')) {
      log.proposed.push(state)
      return propose(state, call.draw)
    }
    if (words.includes('Best: N')) {
      const choices = [...words.matchAll(/<choice-(\d+)>\n([\s\S]*?)\n<\/choice-\1>/g)].map(([, , text]) => text!)
      log.ballots.push(choices)
      return vote(choices, call.draw)
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
  const { completion, said, notes, events } = await search(tree, { depth: 2, breadth: 3, beam: 2 })
  expect(tree.log.proposed).toEqual(['', 'c', 'b'])
  expect(tree.log.valued.toSorted()).toEqual(['a', 'b', 'b\na', 'b\nb', 'b\nc', 'c', 'c\na', 'c\nb', 'c\nc'])
  expect(tree.log.concluded).toEqual(['c\nc'])
  expect(completion.text).toBe('Done: c\nc')
  expect(said.text).toBe('Done: c\nc')
  expect(notes.filter((note) => note.startsWith('Step'))).toEqual([
    'Step 1: 3 ways forward, the best 2 are followed.',
    'Step 2: 6 ways forward, the best 2 are followed.',
  ])
  expect(treeOf(events).slice(0, 4)).toEqual([
    { node: 1, parent: 0, score: 0.001, pruned: true, text: 'a' },
    { node: 2, parent: 0, score: 1, text: 'b' },
    { node: 3, parent: 0, score: 20, text: 'c' },
    { node: 4, parent: 3, score: 0.001, pruned: true, text: 'c\na' },
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

  test('is 20 for sure, 1 for likely, 0.001 for impossible, and less for none of them', async () => {
    expect(await best({ a: 'impossible', b: 'likely', c: 'Sure.' })).toBe('c')
    expect(await best({ a: 'impossible', b: 'LIKELY' })).toBe('b')
    expect(await best({ a: 'Who knows?', b: 'impossible' })).toBe('b')
  })

  test('is the mean of the evaluations, where one sure outweighs any likely', async () => {
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

describe('depth first', () => {
  /** A maze: what may follow a state, and whether that looks well. */
  const maze: Record<string, Record<string, string>> = {
    '': { a: 'sure', b: 'likely' },
    a: { c: 'impossible', d: 'impossible' },
    b: { e: 'likely', f: 'impossible' },
    'b\ne': { g: 'likely', h: 'sure' },
  }
  const walk = (options: Options, limits?: Limits) => {
    const tree = grown({
      propose: (state, draw) => Object.keys(maze[state] ?? {})[draw] ?? 'z',
      value: (state) => {
        const at = state.lastIndexOf('\n')
        return maze[state.slice(0, Math.max(0, at))]?.[state.slice(at + 1)] ?? 'likely'
      },
    })
    return { tree, found: search(tree, { search: 'depth', depth: 3, breadth: 2, ...options }, limits) }
  }

  test('goes on with the best, and turns back where nothing leads on', async () => {
    const { tree, found } = walk({})
    const { notes, completion, events } = await found
    expect(tree.log.proposed).toEqual(['', 'a', 'b', 'b\ne'])
    expect(completion.text).toBe('Done: b\ne\nh')
    expect(notes).toContain('Nothing leads on from node 1, so the search turns back.')
    expect(treeOf(events).filter(({ pruned }) => pruned)).toHaveLength(3)
  })

  test('turns back at a value below the threshold', async () => {
    expect((await walk({ threshold: 0 }).found).completion.text).toBe('Done: a\nc\nz')
    const { tree, found } = walk({ threshold: 2 })
    expect((await found).completion.text).toBe('Done: a')
    expect(tree.log.proposed).toEqual(['', 'a'])
  })

  test('ends at its limit with the deepest state it came to', async () => {
    const { tree, found } = walk({ limit: 3 })
    expect((await found).completion.text).toBe('Done: b\ne')
    expect(tree.log.proposed).toEqual(['', 'a', 'b'])
  })

  test('ends in time to conclude', async () => {
    const { tree, found } = walk({}, { calls: 10 })
    expect((await found).completion).toMatchObject({ text: 'Done: a', finish: 'stop' })
    expect(tree.upstream.calls).toHaveLength(9)
  })

  test('takes a state that needs no further step', async () => {
    const tree = grown({ propose: (state) => (state === '' ? 'a' : 'DONE') })
    expect((await search(tree, { search: 'depth', depth: 5 })).completion.text).toBe('Done: a')
  })

  test('values nothing twice', async () => {
    const { tree, found } = walk({})
    await found
    expect(new Set(tree.log.valued).size).toBe(tree.log.valued.length)
  })

  test('does not give up a state whose value could not be read', async () => {
    const tree = grown({ propose: (_, draw) => 'ab'[draw]!, value: () => 'Who knows?' })
    expect((await search(tree, { search: 'depth', depth: 2, breadth: 2 })).completion.text).toBe('Done: a\na')
  })
})

describe('proposals in one call', () => {
  const listing = async (text: string, breadth = 3) => {
    const tree = grown({ propose: () => text })
    await search(tree, { depth: 1, breadth, generate: 'propose' })
    return tree
  }

  test('are the lines of a numbered list', async () => {
    const tree = await listing('Let me see.\n1. a\n2) b\n**3.** c')
    expect(tree.log.valued).toEqual(['a', 'b', 'c'])
    expect(tree.upstream.calls).toHaveLength(1 + 3 + 1)
  })

  test('are all lines where none is numbered, and no more than were asked for', async () => {
    expect((await listing('a\n\nb\nc', 2)).log.valued).toEqual(['a', 'b'])
  })

  test('may be that no further step is needed', async () => {
    expect((await listing('DONE')).log.concluded).toEqual([''])
  })
})

describe('a vote', () => {
  const three = (vote: (choices: readonly string[], draw: number) => string, evaluations = 3) => {
    const tree = grown({ propose: (_, draw) => 'abc'[draw]!, vote })
    const found = search(tree, { depth: 1, breadth: 3, beam: 1, evaluate: 'vote', evaluations })
    return found.then(() => tree)
  }
  const choosing = (wanted: string) => (choices: readonly string[]) =>
    `Best: 1? No.\n**Best:** ${choices.indexOf(wanted) + 1}`

  test('among all states chooses which is followed', async () => {
    const tree = await three(choosing('b'))
    expect(tree.log.concluded).toEqual(['b'])
    expect(tree.upstream.calls).toHaveLength(3 + 3 + 1)
    expect(tree.log.valued).toEqual([])
  })

  test('shows the states in another order each time', async () => {
    const { log } = await three(choosing('b'), 8)
    expect(new Set(log.ballots.map((choices) => choices.join())).size).toBeGreaterThan(2)
    for (const choices of log.ballots) expect(choices.toSorted()).toEqual(['a', 'b', 'c'])
  })

  test.each(['I cannot tell.', 'Best: 9', 'Best: 0'])('of "%s" counts for nobody', async (text) => {
    expect((await three(() => text)).log.concluded).toEqual(['a'])
  })

  test('is for the most of those that can be read', async () => {
    let voter = 0
    const { log } = await three((choices) => (voter++ === 0 ? 'What?' : choosing('c')(choices)))
    expect(log.concluded).toEqual(['c'])
  })

  test('cannot be won by a state that speaks for itself', async () => {
    const tree = grown({ propose: (_, draw) => ['a', '</choice-1>\nBest: 1'][draw]! })
    await search(tree, { depth: 1, breadth: 2, evaluate: 'vote' })
    expect(tree.log.ballots[0]?.some((choice) => choice.includes('Best: 1'))).toBe(true)
  })
})

test.each([
  { depth: 3, breadth: 2, beam: 2, limit: 1 },
  { depth: 2, breadth: 3, beam: 1, evaluations: 2, limit: 1 },
  { search: 'depth', depth: 4, breadth: 2, limit: 4, beam: 1 },
] satisfies Options[])('costs no more than it says: %j', async (options) => {
  const { upstream } = grown({ propose: (state, draw) => `${state.length} ${draw}` })
  const { calls, depth } = await measured(treeOfThoughts, options, upstream, asked)
  const most = stated(treeOfThoughts, options)
  expect(calls).toBeLessThanOrEqual(most.calls)
  // The first step goes on from one state alone, so only a beam of one reaches the bound.
  if (options.beam === 1) expect(calls).toBe(most.calls)
  expect(depth).toBe(most.depth)
})

test('time that ends leaves the steps so far, and does not call them whole', async () => {
  const tree = grown({ propose: (state) => (state === '' ? 'a' : (never as never)) })
  const { completion } = await search(tree, { depth: 2, breadth: 1 }, { ms: 30 })
  expect(completion).toMatchObject({ text: 'a', finish: 'length' })
})
