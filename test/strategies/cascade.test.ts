import { describe, expect, test } from 'vitest'
import { BadRecipe, type ExecuteOptions, execute, UpstreamFailed } from '#core'
import { cascade } from '../../strategies/cascade.ts'
import { type Call, heard, type Line, never, question, type Script, scripted } from '../helpers/scripted.ts'
import { able, costOf, voters } from '../helpers/strategy.ts'

const asked = question('What is 6 times 7?', { rest: { tools: ['t'] } })

function ask(lines: readonly Line[] | Script, strong: Script, options = {}, more: ExecuteOptions = {}) {
  const cheap = scripted(lines)
  const other = scripted(strong)
  const named: string[] = []
  const models = (name: string) => {
    named.push(name)
    return name === 'cheap' ? cheap.model : other.model
  }
  const execution = execute(cascade({ n: lines.length, strong: 'strong', ...options })(cheap.model), asked, {
    ...able,
    models,
    ...more,
  })
  return heard(execution).then((result) => ({ ...result, cheap, strong: other, named }))
}

test('votes that agree enough answer, and the strong model is not asked', async () => {
  const { completion, strong, notes } = await ask(['41', '42', '42', '42'], () => '43', { threshold: 0.75 })
  expect(completion).toMatchObject({ text: '42', index: 1 })
  expect(strong.calls).toHaveLength(0)
  expect(notes.at(-1)).toBe('3 of 4 votes agree, which is enough.')
})

test('where too few agree the strong one is asked the question itself, streams, and the note says why', async () => {
  const { completion, strong, said, notes, events } = await ask(['41', '42', '42', '40'], () => '43', {
    threshold: 0.75,
  })
  expect(completion.text).toBe('43')
  expect(said.text).toBe('43')
  expect(strong.calls.map(({ prompt }) => prompt)).toEqual([asked])
  expect(notes.at(-1)).toMatch(/^Only \d of \d votes agree, fewer than 75 %, so strong is asked\.$/)
  expect(events.find(({ type }) => type === 'votes')).toMatchObject({ votes: { votes: [{ answer: '42' }, {}, {}] } })
})

test('models names the cheap one and the strong one', async () => {
  const { named, completion } = await ask(['41', '42'], () => '43', { strong: undefined, models: ['cheap', 'better'] })
  expect(completion.text).toBe('43')
  expect(new Set(named)).toEqual(new Set(['cheap', 'better']))
})

test('without a strong model nothing is asked', async () => {
  const upstream = scripted(['42'])
  await expect(execute(cascade()(upstream.model), asked, able).result).rejects.toThrow(BadRecipe)
  expect(upstream.calls).toHaveLength(0)
})

describe('votes still to come are cancelled', () => {
  const late = (lines: readonly string[]): Script & readonly Line[] =>
    Object.defineProperty(({ draw }: Call) => lines[draw] ?? never, 'length', { value: 8 }) as never

  test('once there are enough', async () => {
    const { completion, cheap } = await ask(late(['42', '42', '42', '42', '42', '42']), () => '43', { n: 8 })
    expect(completion.text).toBe('42')
    expect(cheap.live).toBe(0)
  })

  test('once there can no longer be enough', async () => {
    const { completion, cheap } = await ask(late(['1', '2', '3']), () => '43', { n: 8, threshold: 0.9 })
    expect(completion.text).toBe('43')
    expect(cheap.live).toBe(0)
  })

  test('not before', async () => {
    const upstream = late(['42', '42', '42', '42', '42'])
    const { completion } = await ask(upstream, () => '43', { n: 8 }, { limits: { ms: 30 } })
    expect(completion).toMatchObject({ text: '42', finish: 'budget' })
  })
})

test('a strong model that fails leaves the vote, and that is told', async () => {
  const { completion, notes } = await ask(
    ['42', '42', '41'],
    () => Promise.reject(new UpstreamFailed('x', 'Out.', 503)),
    { threshold: 1 },
  )
  expect(completion.text).toBe('42')
  expect(notes.at(-1)).toBe('strong failed, so the vote stands: Out.')
})

test('a strong model that does not exist is the client’s mistake', async () => {
  const models = () => {
    throw new BadRecipe('There is no model "strong".')
  }
  await expect(ask(['41', '42'], () => '43', {}, { models })).rejects.toThrow('There is no model')
})

test('a budget that ends before the strong one is asked answers with the vote', async () => {
  const { completion } = await ask(['42', '42', '41'], () => '43', { threshold: 1 }, { limits: { calls: 3 } })
  expect(completion).toMatchObject({ text: '42', finish: 'budget' })
})

test('one that asks both costs what it says', async () => {
  const { spent, stated } = await costOf(cascade, { n: 4, strong: 'strong', threshold: 1 }, ['1', '2', '3', '4'])
  expect(spent).toEqual(stated)
})

voters(cascade({ n: 3, strong: 'strong', threshold: 0.3 }), () => 'No idea.')
