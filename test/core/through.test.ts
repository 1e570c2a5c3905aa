import { describe, expect, test } from 'vitest'
import { beside, type Completion, execute, type Run, type Strategy, strategy, UpstreamFailed } from '#core'
import { bestOfN, none, selfConsistency } from '../../strategies/index.ts'
import { about, context, heard, question, scripted } from '../helpers/scripted.ts'

const only = (body: (run: Run) => Promise<Completion>) => strategy('only', about, {}, body)()
const joined = (completions: readonly Completion[]): Completion => ({
  text: completions.map(({ text }) => text).join(','),
  finish: 'stop',
})

/** Answers a question of its own. */
const asking = (content: string): Strategy => strategy('asking', about, {}, (run) => run.answer(question(content)))()
const echo = () => scripted(({ prompt }) => String(prompt.messages.at(-1)?.content))

describe('samples through strategies', () => {
  test('go each through its own, by its place from 0, however often is sampled', async () => {
    const places: number[] = []
    const through = (index: number) => {
      places.push(index)
      return asking(`way ${index}`)
    }
    const twice = only(async (run) => {
      const first = await run.samples(2, { through }).all()
      return joined([...first, ...(await run.samples(1, { through }).all())])
    })
    const upstream = echo()
    expect((await execute(twice(upstream.model), question('?'), context).result).text).toBe('way 0,way 1,way 0')
    expect(places).toEqual([0, 1, 0])
    const draws = upstream.calls.map(({ scope }) => scope.draws.join('.'))
    expect(new Set(draws).size).toBe(3)
  })

  test('keep a temperature of 0, because they differ by what they go through', async () => {
    const upstream = echo()
    const all = only(async (run) => joined(await run.samples(2, { through: () => none() }).all()))
    const { notes } = await heard(execute(all(upstream.model), question('?', { temperature: 0 }), context))
    expect(upstream.calls.map(({ prompt }) => prompt.temperature)).toEqual([0, 0])
    expect(notes).toEqual([])
  })

  test('may fail one by one', async () => {
    const upstream = scripted(({ prompt }) => {
      const asked = String(prompt.messages.at(-1)?.content)
      if (asked === 'way 1') throw new UpstreamFailed('gone', 'Gone.', 503)
      return asked
    })
    const all = only(async (run) => joined(await run.samples(3, { through: (i) => asking(`way ${i}`) }).all()))
    const { completion, notes } = await heard(execute(all(upstream.model), question('?'), context))
    expect(completion.text).toBe('way 0,way 2')
    expect(notes).toEqual(['Sample 2 failed and is left out: Gone.'])
  })
})

test('a tail call through a strategy may be asked another question, and is heard as it is said', async () => {
  const through = only((run) => run.through(asking('inner'), question('changed')))
  const other = only((run) => run.through(none(), question('changed')))
  for (const [wrap, text] of [
    [through, 'inner'],
    [other, 'changed'],
  ] as const) {
    const { completion, said } = await heard(execute(wrap(echo().model), question('?'), context))
    expect([completion.text, said.text]).toEqual([text, text])
  }
})

describe('ways side by side', () => {
  /** What the ways answer, and what a judge says of each answer. */
  const sideBySide = async (answers: readonly string[], judged: Readonly<Record<string, string>> = {}) => {
    const upstream = scripted(({ prompt }) => {
      const asked = String(prompt.messages.at(-1)?.content)
      if (!asked.startsWith('Grade')) return asked
      const answer = /<candidate>\s*(.*?)\s*<\/candidate>/s.exec(asked)?.[1] ?? ''
      return judged[answer] ?? 'I do not know.'
    })
    const wrap = beside(...answers.map(asking))
    const told = await heard(execute(wrap(upstream.model), question('?'), context))
    return { ...told, judgements: upstream.asked.filter((text) => text.startsWith('Grade')).length }
  }

  test('vote, and no judge is asked where an answer leads', async () => {
    const { completion, judgements, events } = await sideBySide(['41', '42', '42'])
    expect(completion).toMatchObject({ text: '42', index: 1 })
    expect(judgements).toBe(0)
    expect(events.find(({ type }) => type === 'votes')).toMatchObject({ votes: { agreement: 2 / 3 } })
  })

  test('are one answer where they agree, without a judge', async () => {
    expect(await sideBySide(['42', '42'])).toMatchObject({ completion: { text: '42', index: 0 }, judgements: 0 })
  })

  test('are judged where none leads, each answer once, and the others are kept for a client that asked for several', async () => {
    const { completion, judgements } = await sideBySide(['41', '42', '43'], {
      41: 'Score: 2',
      42: 'Score: 9',
      43: 'Score: 5',
    })
    expect(judgements).toBe(3)
    expect([completion, ...(completion.others ?? [])].map(({ text }) => text)).toEqual(['42', '43', '41'])
  })

  test('are in the order they stand where the judge says nothing of them', async () => {
    expect((await sideBySide(['41', '42'])).completion.text).toBe('41')
  })

  test('are as many strategies of any kind, nested, too', async () => {
    const upstream = scripted(['42'])
    const wrap = beside(selfConsistency({ n: 3 }), bestOfN({ n: 2, scorer: 'agreement' }), beside(none(), none()))
    const { completion } = await heard(execute(wrap(upstream.model), question('?'), context))
    expect(completion.text).toBe('42')
    expect(upstream.calls.length).toBeGreaterThanOrEqual(2 + 2 + 2)
  })

  test('go on without the one that fails', async () => {
    const failing: Strategy = () => async () => {
      throw new UpstreamFailed('gone', 'Gone.', 503)
    }
    const { completion, notes } = await heard(
      execute(beside(failing, asking('42'))(echo().model), question('?'), context),
    )
    expect(completion.text).toBe('42')
    expect(notes).toContain('Sample 1 failed and is left out: Gone.')
  })
})
