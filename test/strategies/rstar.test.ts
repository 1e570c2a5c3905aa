import { describe, expect, test } from 'vitest'
import { rstar } from '../../strategies/rstar.ts'
import { type Call, question, scripted, times } from '../helpers/scripted.ts'
import { measured, searched, stated, treeOf } from '../helpers/search.ts'

const asked = question('What is 6 times 7?', { stop: ['END'], rest: { tools: ['t'], temperature: 1 }, seed: 3 })
const lastWords = ({ prompt }: Call) => String(prompt.messages.at(-1)?.content)
const stepsIn = (call: Call) => /<steps>\n([\s\S]*)\n<\/steps>/.exec(lastWords(call))?.[1] ?? ''
const kinds = {
  step: 'Write only the next step',
  ask: 'Ask the one sub-question',
  again: 'Answer the last of these sub-questions',
  rephrase: 'Put the task above in other words',
}
const kindOf = (call: Call) =>
  Object.entries(kinds).find(([, words]) => lastWords(call).includes(words))?.[0] ?? 'answer'

/** Thinks in steps that say what they are, and answers as told by them. */
const reasoning = (
  answer: (steps: string, call: Call) => string,
  step = (kind: string, _call: Call) => `${kind} taken`,
) => scripted((call) => (kindOf(call) === 'answer' ? answer(stepsIn(call), call) : step(kindOf(call), call)))

test('all five actions are taken, where each may be', async () => {
  const upstream = reasoning(() => 'It is 42.')
  await searched(rstar, { rollouts: 32, depth: 5 }, upstream, asked)
  expect(new Set(upstream.calls.map(kindOf))).toEqual(new Set(['step', 'ask', 'again', 'rephrase', 'answer']))
  for (const call of upstream.calls) {
    if (kindOf(call) === 'rephrase') expect(stepsIn(call)).toBe('')
    if (kindOf(call) === 'again') expect(stepsIn(call)).toMatch(/ask taken$/)
  }
})

describe('the paper’s claim: mutual consistency', () => {
  /** Most ways lead to 41 by luck; only from steps that lead to 42 is the same answer reached again. */
  const lucky = () => {
    let other = 0
    return reasoning((steps, { draw }) => {
      if (steps.includes('step taken')) return 'It is 42.'
      other++
      return `It is ${draw === 0 && other % 2 ? 41 : 100 + other}.`
    })
  }

  test('finds the answer that is reached again from half of its way', async () => {
    const { completion, notes } = await searched(rstar, { rollouts: 12 }, lucky(), asked)
    expect(completion.text).toBe('It is 42.')
    expect(notes.find((note) => note.includes('reached again'))).toMatch(/^\d+ of 12 answers/)
  })

  test('that no answer has leaves the vote', async () => {
    const answers = times(40, (i) => (i % 3 === 0 ? 42 : 100 + i))
    let at = 0
    const model = reasoning(() => `It is ${answers[at++]}.`)
    const discriminator = scripted(() => 'I cannot tell at all what this might be, sorry.')
    const { completion, notes } = await searched(rstar, { rollouts: 6, discriminator: 'other' }, model, asked, {
      models: { other: discriminator },
    })
    expect(notes).toContain('0 of 6 answers were reached again from a part of their way.')
    expect(completion.text).toBe('It is 42.')
    expect(discriminator.calls).toHaveLength(6)
  })
})

test('the second half is gone again from a part of the way that never holds its end', async () => {
  const other = scripted(() => 'It is 42.')
  const model = reasoning(() => 'First this.\n\nThen that.\n\nIt is 42.')
  await searched(rstar, { rollouts: 16, discriminator: 'other' }, model, asked, { models: { other } })
  for (const call of other.calls) expect(stepsIn(call)).not.toContain('It is 42.')
  expect(other.calls.some((call) => stepsIn(call).includes('First this.'))).toBe(true)
})

test('answers are drawn with the client’s own prompt, steps without what shapes the answer', async () => {
  const upstream = reasoning(() => 'It is 42.')
  await searched(rstar, {}, upstream, asked)
  for (const call of upstream.calls)
    if (kindOf(call) === 'answer') expect(call.prompt).toMatchObject({ stop: ['END'], rest: asked.rest })
    else expect([call.prompt.stop, call.prompt.rest]).toEqual([undefined, { temperature: 1 }])
})

test('the tree guides the rollouts: more of them go where answers agree', async () => {
  const upstream = reasoning((steps, { order }) => (steps.startsWith('ask') ? 'It is 42.' : `It is ${100 + order}.`))
  await searched(rstar, { rollouts: 32, depth: 2, c: 0.2 }, upstream, asked)
  const rollouts = upstream.calls.filter((call) => kindOf(call) === 'answer').slice(0, 32)
  expect(rollouts.filter((call) => stepsIn(call) === 'ask taken').length).toBeGreaterThan(16)
})

test('no way is longer than its depth, nor goes on when it is done', async () => {
  const upstream = reasoning(
    () => 'It is 42.',
    (kind, { order }) => (order % 4 === 0 ? 'DONE' : `${kind} taken`),
  )
  const { events } = await searched(rstar, { rollouts: 20, depth: 3 }, upstream, asked)
  for (const call of upstream.calls)
    expect(
      stepsIn(call)
        .split('\n')
        .filter((line) => line.includes('taken')).length,
    ).toBeLessThanOrEqual(2)
  expect(treeOf(events).every(({ node, parent }) => parent < node)).toBe(true)
})

test('rollouts cost at most their depth, and one call each to go half of the way again', async () => {
  const options = { rollouts: 5, depth: 3 }
  const { calls, depth } = await measured(
    rstar,
    options,
    reasoning(() => 'It is 42.'),
    asked,
  )
  expect(calls).toBeLessThanOrEqual(stated(rstar, options).calls)
  expect(depth).toBeLessThanOrEqual(stated(rstar, options).depth)
  const shortest = await measured(
    rstar,
    { rollouts: 5, depth: 1 },
    reasoning(() => 'It is 42.'),
    asked,
  )
  expect([shortest.calls, shortest.depth]).toEqual([10, 6])
})

test('answers that are no numbers are found like any other', async () => {
  const options = { rest: { response_format: { type: 'json_object' } } }
  const { completion } = await searched(
    rstar,
    {},
    reasoning(() => '{"city":"Rome"}'),
    question('Where? In 1 of 2 places.', options),
  )
  expect(completion.text).toBe('{"city":"Rome"}')
})
