import { expect, test } from 'vitest'
import { type Completion, execute, type Limits, type Run, strategy, UpstreamFailed } from '#core'
import { about, context, gate, heard, never, question, scripted, times } from '../helpers/scripted.ts'

const refused = new UpstreamFailed('overloaded', 'Too busy.', 503)
/** Answers what it is asked, and fails where that has an x in it. */
const echo = () =>
  scripted(({ prompt }) => {
    const words = String(prompt.messages.at(-1)?.content)
    if (words.includes('x')) throw refused
    return words.includes('never') ? never : words
  })

function attempting(rounds: readonly (readonly string[])[], limits: Limits = {}) {
  const upstream = echo()
  const body = async (run: Run): Promise<Completion> => {
    const came: string[] = []
    for (const round of rounds) {
      const answers = await run.attempt(round, (words) => run.sample(question(words)))
      for (const answer of answers) run.keep(answer)
      came.push(answers.map(({ text }) => text).join(','))
    }
    return { text: came.join('; '), finish: 'stop' }
  }
  const execution = execute(strategy('only', about, {}, body)()(upstream.model), question('?'), { ...context, limits })
  return { upstream, execution }
}

test('work that fails is left out and told of, and the rest stands in its order', async () => {
  const { completion, notes } = await heard(attempting([['a', 'x', 'b']]).execution)
  expect(completion.text).toBe('a,b')
  expect(notes).toEqual(['An attempt failed and is left out: Too busy.'])
})

test('when all of it fails, so does the strategy, with the first error', async () => {
  await expect(attempting([['x', 'xx']]).execution.result).rejects.toBe(refused)
})

test('all of it may fail where something came of an attempt before', async () => {
  expect((await heard(attempting([['a'], ['x', 'xx'], ['b']]).execution)).completion.text).toBe('a; ; b')
})

test('nothing to attempt is no failure', async () => {
  expect((await attempting([[], ['a']]).execution.result).text).toBe('; a')
})

test('a budget that ends leaves what came before, and then the best that was kept', async () => {
  const some = await heard(attempting([['a', 'b', 'c']], { calls: 2 }).execution)
  expect(some.completion).toMatchObject({ text: 'a,b', finish: 'budget' })
  const none = await heard(attempting([['a', 'b'], ['c']], { calls: 2 }).execution)
  expect(none.completion).toMatchObject({ text: 'a', finish: 'budget' })
})

test('time that ends leaves what came before', async () => {
  const { completion } = await heard(attempting([['a'], ['b', 'never']], { ms: 20 }).execution)
  expect(completion).toMatchObject({ text: 'a; b', finish: 'budget' })
})

test('what still runs when the client leaves is let go', async () => {
  const { upstream, execution } = attempting([times(4, () => 'never')])
  const left = gate()
  const listening = (async () => {
    for await (const _ of execution.events) if (upstream.live === 4) break
    left.open()
  })()
  await upstream.until(({ live }) => live === 4)
  await Promise.race([left.promise, listening])
  await expect(execution.result).rejects.toThrow('The reader left.')
  expect(upstream.live).toBe(0)
})
