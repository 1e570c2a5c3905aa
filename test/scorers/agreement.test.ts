import { expect, test } from 'vitest'
import { type Completion, execute, strategy } from '#core'
import { agreement } from '../../src/scorers/agreement.ts'
import { scorers } from '../../src/scorers/index.ts'
import { about, context, question, scripted } from '../helpers/scripted.ts'

/** The scores of some candidates among each other, and of one that was not drawn. */
async function scores(texts: readonly string[], stranger?: string): Promise<(number | undefined)[]> {
  const upstream = scripted(texts)
  let found: (number | undefined)[] = []
  const look = strategy('look', about, {}, async (run) => {
    const drawn = await run.samples(texts.length).all()
    const judged: readonly Completion[] = stranger === undefined ? drawn : [{ text: stranger, finish: 'stop' }]
    found = await run.each(judged, (candidate) => run.score(candidate))
    return drawn[0]!
  })
  await execute(look()(upstream.model), question('?'), { ...context, scorers: () => agreement() }).result
  expect(upstream.calls).toHaveLength(texts.length)
  return found
}

test('the score is the share of the others with an equal answer', async () => {
  expect(await scores(['It is 42.', '\\boxed{42}', '41', '42'])).toEqual([2 / 3, 2 / 3, 0, 2 / 3])
})

test('one that gives no answer scores 0, and counts as one of the others', async () => {
  expect(await scores(['42', '42', ''])).toEqual([0.5, 0.5, 0])
})

test('the only candidate agrees with all there are', async () => {
  expect(await scores(['42'])).toEqual([1])
})

test('a candidate that was not drawn itself is compared with all', async () => {
  expect(await scores(['42', '42', '41', '40'], '42')).toEqual([0.5])
  expect(await scores(['42', '42'], '7')).toEqual([0])
})

test('every scorer has a name', () => {
  expect(scorers.map(({ id }) => id).toSorted()).toEqual([
    'agreement',
    'confidence',
    'format',
    'judge',
    'reward',
    'verify',
  ])
})
