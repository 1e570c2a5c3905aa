import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { execute, type Model, over, pipe, type Strategy, strategy } from '#core'
import { Narrator } from '../../src/http/narrate.ts'
import {
  auto,
  bestOfN,
  budgetForcing,
  chainOfThought,
  cotReflection,
  none,
  selfConsistency,
  selfRefine,
  stepBack,
  treeOfThoughts,
} from '../../strategies/index.ts'
import { about, context, gate, heard, question, scripted } from '../helpers/scripted.ts'

/** Drafts, then answers with the draft in sight. */
const redo = strategy('redo', about, {}, async (run) => {
  const draft = await run.sample()
  return run.answer(question(`Improve: ${draft.text}`))
})()

const echo = () => scripted(({ prompt }) => ({ text: `<${prompt.messages.at(-1)?.content}>`, thinking: 'Hm.' }))

describe('what is said in tail position is what is returned:', () => {
  test.each<[string, Strategy]>([
    ['a strategy that passes the answer on', none()],
    ['a strategy that drafts first', redo],
    ['a strategy that picks one of its samples', selfConsistency({ n: 3 })],
    ['strategies in strategies', (model) => over(model, redo, selfConsistency({ n: 2 }), redo)],
    ['a tail call to a vote', (model) => over(model, selfConsistency({ n: 2 }), redo)],
    ['a pipe', pipe(redo, none())],
    ['a pipe that ends in a vote', pipe(none(), selfConsistency({ n: 2 }))],
    ['a strategy around a pipe', (model) => over(model, pipe(none(), redo), redo)],
    ['a tree', treeOfThoughts({ depth: 1, breadth: 2 })],
  ])('%s', async (_, wrap) => {
    const { completion, said } = await heard(execute(wrap(echo().model), question('1'), context))
    expect(completion.text).not.toBe('')
    expect(said).toEqual({ text: completion.text, thinking: completion.thinking })
  })
})

test('the tail call streams while it is said; a sample is heard only as thinking', async () => {
  const more = gate()
  const upstream = scripted(async ({ prompt, speak }) => {
    if (prompt.messages[0]?.content === 'q') return 'a draft'
    speak('The ')
    await more.promise
    return 'The end'
  })
  const deltas: unknown[] = []
  const { events } = execute(redo(upstream.model), question('q'), context)
  for await (const event of events) {
    if (event.type !== 'text-delta') continue
    deltas.push([event.text, event.tail])
    if (event.text === 'The ') more.open()
  }
  expect(deltas).toEqual([
    ['a draft', false],
    ['The ', true],
    ['end', true],
  ])
})

test('only the first answer of a strategy is the client’s', async () => {
  const twice = strategy('twice', about, {}, async (run) => {
    const [first] = await Promise.all([run.answer(), run.answer(question('2'))])
    return first!
  })
  const { completion, said } = await heard(execute(twice()(echo().model), question('1'), context))
  expect(said.text).toBe('<1>')
  expect(completion.text).toBe('<1>')
})

test('words that were said stand, whatever the strategy returns in their place', async () => {
  const fickle = strategy('fickle', about, {}, async (run) => {
    await run.answer()
    return { text: 'something else', finish: 'stop' }
  })
  const { completion, said } = await heard(execute(fickle()(scripted(['said']).model), question('1'), context))
  expect(said.text).toBe('said')
  expect(completion).toEqual({ text: 'said', finish: 'length' })
})

test('an answer that breaks off after words were said fails, with them said', async () => {
  const upstream = scripted(({ speak }) => {
    speak('half')
    throw new Error('The line broke.')
  })
  const { events, result } = execute(none()(upstream.model), question('1'), context)
  let text = ''
  for await (const event of events) if (event.type === 'text-delta' && event.tail) text += event.text
  expect(text).toBe('half')
  await expect(result).rejects.toThrow('The line broke.')
})

test('events and result agree for whatever a model says, in whatever pieces, under whatever recipe', async () => {
  const stage = fc.constantFrom<Strategy>(
    none(),
    redo,
    selfConsistency({ n: 3 }),
    bestOfN({ n: 2, scorer: 'agreement' }),
    pipe(none(), selfConsistency({ n: 2 })),
    pipe(redo, redo),
    treeOfThoughts({ depth: 1, breadth: 2 }),
    auto({ max: 6, scorer: 'agreement' }),
    budgetForcing({ waits: 2 }),
    chainOfThought(),
    cotReflection(),
    selfRefine(),
    stepBack(),
  )
  const line = fc.record({
    thinking: fc.string({ maxLength: 6 }),
    pieces: fc.array(fc.string({ maxLength: 4 }), { maxLength: 4 }),
    finish: fc.constantFrom('stop' as const, 'length' as const),
  })
  const lines = fc.array(line, { minLength: 1, maxLength: 5 })
  const limits = fc.record({ calls: fc.integer({ min: 4, max: 60 }) })
  await fc.assert(
    fc.asyncProperty(fc.array(stage, { minLength: 1, maxLength: 2 }), lines, limits, async (stages, lines, limits) => {
      let said = 0
      const talker: Model = async (prompt, scope) => {
        const { thinking, pieces, finish } = lines[said++ % lines.length]!
        return scripted(({ speak }) => {
          for (const piece of pieces.slice(1)) speak(piece)
          return { text: pieces.slice(1).join('') + (pieces[0] ?? ''), thinking, finish }
        }).model(prompt, scope)
      }
      const able = { ...context, can: async () => true, limits }
      const execution = execute(over(talker, ...stages), question('?'), able)
      const outcome = await heard(execution).catch((error: unknown) => {
        expect(error).toMatchObject({ code: 'budget_exhausted' })
      })
      if (!outcome) return
      expect(outcome.said).toEqual({ text: outcome.completion.text, thinking: outcome.completion.thinking ?? '' })
    }),
    { numRuns: 150 },
  )
})

describe('a tail call through another strategy', () => {
  const handing = strategy('handing', about, {}, async (run) => {
    run.tally().add(await run.sample())
    return run.through(selfConsistency({ n: 3 }))
  })

  test('is the answer, and its vote is the one that is told', async () => {
    const { completion, events, said } = await heard(execute(handing()(scripted(['4']).model), question('?'), context))
    expect(said.text).toBe(completion.text)
    const votes = events.flatMap((event) => (event.type === 'votes' ? [event.votes.votes] : []))
    expect(votes).toMatchObject([[{ answer: '4', count: 2 }]])
  })

  test('has its story told, unlike what happens inside of samples', async () => {
    const story = async (wrap: Strategy) => {
      const narrator = new Narrator('m+r')
      const { events } = await heard(execute(wrap(scripted(['4']).model), question('?'), context))
      return events.map((event) => narrator.tell(event)).join('')
    }
    expect(await story(handing())).toMatch(/Sample 2: 4\.\n[\s\S]*Votes: 4 ×2/)
    expect(await story((model) => over(model, selfConsistency({ n: 5 }), selfConsistency({ n: 2 })))).toMatch(
      /^Thinking with m\+r\.\n(?:Sample [12]: 4\.\n)+Votes: 4 ×2\. Agreement 100 %\.\n$/,
    )
  })
})

test('what is thought ahead is the beginning of the answer’s thinking', async () => {
  const ahead = strategy('ahead', about, {}, async (run) => {
    run.think('Wait, ')
    const { thinking = '', ...answer } = await run.answer()
    return { ...answer, thinking: `Wait, ${thinking}` }
  })
  const { completion, said } = await heard(execute(ahead()(echo().model), question('1'), context))
  expect(said).toEqual({ text: '<1>', thinking: 'Wait, Hm.' })
  expect(completion.thinking).toBe('Wait, Hm.')
})

test('whether there is a service can be asked before it is needed', async () => {
  const asks = strategy('asks', about, {}, async (run) => ({ text: `${run.has('verify')}`, finish: 'stop' }))
  const ask = async (options: object) => (await execute(asks()(echo().model), question('?'), options).result).text
  expect(await ask({})).toBe('false')
  expect(await ask({ services: () => ({}) as never })).toBe('true')
})
