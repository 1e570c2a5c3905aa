import { describe, expect, test } from 'vitest'
import { beamSearch } from '../../strategies/beam-search.ts'
import { question, scripted } from '../helpers/scripted.ts'
import { graded, judging, searched, treeOf } from '../helpers/search.ts'
import { beginnings, climbing, rightness, writing } from '../helpers/stepwise.ts'

const asked = question('What is 6 times 7?', { stop: ['END'], rest: { tools: ['t'] } })
const can = ['prefill']
const opinion = (text: string) => ({ score: rightness(text) })
const search = (options: Record<string, unknown>, upstream = scripted(climbing(4)), more = {}) =>
  searched(beamSearch, options, upstream, asked, { can, opinion, ...more })

describe('the paper’s claim:', () => {
  test('following the best beginnings finds what hardly any sample does', async () => {
    const { completion } = await search({ n: 8, m: 4 })
    expect(completion.text).toBe('right\n\nright\n\nright\n\nIt is 42.')
    const alone = await search({ n: 8, m: 4, steps: 1 })
    expect(alone.completion.text).not.toContain('42')
  })
})

test('each step is asked for with what is there said as the assistant, up to a blank line', async () => {
  const upstream = scripted(climbing(4))
  await search({ n: 4, m: 4 }, upstream)
  const [first, second] = [upstream.calls[0]!.prompt, upstream.calls[4]!.prompt]
  expect(first).toEqual({ ...asked, stop: ['END', '\n\n'] })
  expect(second).toEqual({
    ...asked,
    stop: ['END', '\n\n'],
    messages: [...asked.messages, { role: 'assistant', content: 'right\n\n' }],
    continues: true,
  })
})

test('only the best n / m beginnings are followed, and share the width', async () => {
  const upstream = scripted(climbing(2))
  await search({ n: 8, m: 4 }, upstream)
  const { length } = upstream.calls
  expect(length).toBe(8 * 4)
  expect(beginnings(upstream.calls.slice(0, 8))).toEqual(Array(8).fill(''))
  // Of eight only two differ, and both are followed; then only the two best of four.
  expect(beginnings(upstream.calls.slice(8, 16))).toEqual([
    ...Array(4).fill('right\n\n'),
    ...Array(4).fill('wrong\n\n'),
  ])
})

test('beginnings that are word for word the same are one, and are scored once', async () => {
  const scored: string[] = []
  const upstream = scripted(writing((text) => (text === '' ? 'a' : text === 'a' ? 'It is 42.' : undefined)))
  await search({ n: 4, m: 2 }, upstream, {
    opinion: (text: string) => {
      scored.push(text)
      return { score: 0.5 }
    },
  })
  expect(scored).toEqual(['a', 'a\n\nIt is 42.'])
  expect(beginnings(upstream.calls)).toEqual(['', '', '', '', 'a\n\n', 'a\n\n', 'a\n\n', 'a\n\n'])
})

test('an answer that is whole is followed no further, and takes its part of the width with it', async () => {
  const upstream = scripted(
    writing((text, { draw }) =>
      text === ''
        ? ['It is 41.', 'a', 'b', 'c'][draw]!
        : text === 'It is 41.'
          ? undefined
          : /\d/.test(text)
            ? undefined
            : 'It is 42.',
    ),
  )
  const { completion, events } = await search({ n: 4, m: 2 }, upstream, { opinion: () => ({ score: 0.5 }) })
  expect(completion.text).toContain('42')
  expect(upstream.calls).toHaveLength(4 + 3)
  expect(events.find(({ type }) => type === 'votes')).toMatchObject({
    votes: {
      votes: [
        { answer: '42', count: 3 },
        { answer: '41', count: 1 },
      ],
    },
  })
})

test('at the last step answers are written to their end', async () => {
  const upstream = scripted(climbing(1))
  const { completion } = await search({ n: 4, m: 2, steps: 2 }, upstream)
  expect(completion).toMatchObject({ text: 'right\n\nright\n\nright\n\nIt is 42.', finish: 'stop' })
  expect(upstream.calls.map(({ prompt }) => prompt.stop?.includes('\n\n'))).toEqual([
    ...Array(4).fill(true),
    ...Array(4).fill(false),
  ])
})

describe('an answer ends', () => {
  const ends = async (line: object, prompt = asked) =>
    (await searched(beamSearch, { n: 1, m: 1 }, scripted([{ text: 'a', ...line }]), prompt, { can, opinion }))
      .completion

  test('at the client’s own stop string', async () => {
    expect(await ends({ stopped: 'END' })).toMatchObject({ text: 'a', finish: 'stop' })
  })

  test('at a blank line that is the client’s own stop string', async () => {
    expect(await ends({ stopped: '\n\n' }, question('?', { stop: ['\n\n'] }))).toMatchObject({ text: 'a' })
  })

  test('where the token limit ends it, and says so', async () => {
    expect(await ends({ finish: 'length' })).toMatchObject({ text: 'a', finish: 'length' })
  })

  test('where nothing more is said', async () => {
    const upstream = scripted(({ prompt }) => (prompt.continues ? ' ' : { text: 'It is 42.', stopped: '\n\n' }))
    expect((await search({ n: 1, m: 1 }, upstream)).completion.text).toBe('It is 42.')
  })
})

test('the thinking of all steps is the answer’s, and is not shown where it is gone on', async () => {
  const upstream = scripted(({ prompt }) =>
    prompt.continues ? { text: '42', thinking: 'Then b.' } : { text: 'a', thinking: 'First a.', stopped: '\n\n' },
  )
  expect((await search({ n: 1, m: 1 }, upstream)).completion).toMatchObject({
    text: 'a\n\n42',
    thinking: 'First a.\nThen b.',
  })
  expect(upstream.calls[1]!.prompt.messages.at(-1)).toEqual({
    role: 'assistant',
    content: '<think>\n\n</think>\n\na\n\n',
  })
})

describe('an upstream that does not go on with a beginning', () => {
  const inWords = () =>
    scripted(({ prompt, draw }) => {
      const words = String(prompt.messages.at(-1)?.content)
      const steps = /<steps>\n([\s\S]*)\n<\/steps>/.exec(words)?.[1]?.split('\n') ?? []
      if (!words.includes('Write only the next step')) return `It is ${steps.every((s) => s === 'right') ? 42 : 41}.`
      return steps.length === 2 ? 'DONE' : draw % 2 ? 'right' : 'wrong'
    })

  test('is asked for steps in words, which is said', async () => {
    const upstream = inWords()
    const { completion, notes } = await search({ n: 4, m: 2 }, upstream, { can: [] })
    expect(completion.text).toBe('It is 42.')
    expect(notes).toContain(
      'This upstream does not go on with an unfinished answer; steps asked for in words are not as good.',
    )
    expect(upstream.calls.some(({ prompt }) => prompt.continues)).toBe(false)
    // Two steps, one that says DONE, and the conclusion.
    expect(upstream.calls).toHaveLength(16)
  })

  test('answers with the client’s own prompt, and takes steps without what shapes the answer', async () => {
    const upstream = inWords()
    await search({ n: 4, m: 2 }, upstream, { can: [] })
    const [step, conclusion] = [upstream.calls[0]!.prompt, upstream.calls.at(-1)!.prompt]
    expect([step.rest, step.stop]).toEqual([{}, undefined])
    expect(conclusion).toMatchObject({ rest: asked.rest, stop: asked.stop })
  })
})

describe('a judge', () => {
  test('is told of a beginning that more is to come, and of an answer it is not', async () => {
    const upstream = graded(climbing(2), (text) => rightness(text))
    await searched(beamSearch, { n: 4, m: 2 }, upstream, asked, { can })
    for (const call of upstream.calls.filter(judging)) {
      const words = String(call.prompt.messages[0]?.content)
      expect(words.includes('the rest is to come')).toBe(!words.includes('It is 4'))
    }
  })

  test('that says nothing of some leaves them behind the others', async () => {
    const { completion } = await search({ n: 4, m: 4 }, scripted(climbing(4)), {
      opinion: (text: string) => (text.startsWith('wrong') ? undefined : { score: 0 }),
    })
    expect(completion.text).toContain('right\n\n')
  })

  test('that says nothing of any leaves a plain vote', async () => {
    const { completion } = await search({ n: 4, m: 2 }, scripted(climbing(2)), { opinion: () => undefined })
    expect(completion.text).toMatch(/It is 4\d/)
  })
})

test('argmax takes the best score, and not the vote', async () => {
  const upstream = () => scripted(({ draw }) => ['It is 41.', 'It is 42.', 'So 42.'][draw]!)
  const scores = { opinion: (text: string) => ({ score: text.includes('41') ? 0.9 : 0.6 }) }
  expect((await search({ n: 3, m: 1 }, upstream(), scores)).completion.text).toBe('It is 42.')
  expect((await search({ n: 3, m: 1, select: 'argmax' }, upstream(), scores)).completion.text).toBe('It is 41.')
})

test('the notes tell the tree: what was followed, and what was not', async () => {
  const { events } = await search({ n: 4, m: 4 })
  const tree = treeOf(events)
  expect(tree.slice(0, 5)).toMatchObject([
    { node: 1, parent: 0, score: 0, pruned: true },
    { node: 2, parent: 0, score: 0, pruned: true },
    { node: 3, parent: 0, score: 0, pruned: true },
    { node: 4, parent: 0, score: 1 },
    { node: 5, parent: 4, score: 0.5, pruned: true },
  ])
})

test('a budget of calls that is nearly spent has the answers written to their end', async () => {
  const upstream = scripted(climbing(2))
  const { completion } = await search({ n: 2, m: 1 }, upstream, { limits: { calls: 9 } })
  expect(completion.text).toMatch(/It is 4\d/)
  expect(upstream.calls).toHaveLength(4)
})

test('a search that finds nothing just asks', async () => {
  const upstream = scripted(({ order }) => {
    if (order === 0) return { text: 'a', stopped: '\n\n' }
    if (order === 1) throw new Error('Gone.')
    return 'It is 42.'
  })
  expect((await search({ n: 1, m: 1 }, upstream)).completion.text).toBe('It is 42.')
})
