import { expect, test } from 'vitest'
import { type Completion, execute, type Run, type Scorer, type ScorerSpec, scoredBy, strategy } from '#core'
import { scorerOf } from '../../src/scorers/index.ts'
import { about, context, question, scripted } from '../helpers/scripted.ts'

const judged = (body: (run: Run) => Promise<unknown>, scorer?: ScorerSpec) =>
  strategy('judged', about, { scorer: scoredBy() }, async (run) => ({
    text: String(await body(run)),
    finish: 'stop',
  }))(scorer === undefined ? {} : { scorer })

const candidate = (index: number): Completion => ({ text: `${index}`, finish: 'stop', index })

test('the same comparison made again is another draw, so that no cache and no seed gives the first one twice', async () => {
  const draws: string[] = []
  const scorer: Scorer = {
    score: async () => undefined,
    compare: async (_, a, b, { scope }) => {
      draws.push(`${a.text}${b.text} ${scope.draws}`)
      return 1
    },
  }
  const body = async (run: Run) => {
    for (const [a, b] of [
      [0, 1],
      [0, 1],
      [1, 0],
      [0, 1],
    ] as const)
      await run.compare(candidate(a), candidate(b))
  }
  await execute(judged(body)(scripted([]).model), question('?'), { ...context, scorers: () => scorer }).result
  expect(draws).toEqual(['01 0', '01 1', '10 0', '01 2'])
})

test('a judge is no gate, and scorers that do not exist are refused before anything is asked', async () => {
  const gate = (scorer: ScorerSpec) =>
    execute(judged(async (run) => run.gate, scorer)(scripted([]).model), question('?'), context).result
  expect((await gate('judge')).text).toBe('false')
  await expect(gate('jury')).rejects.toThrow('There is no scorer "jury".')
})

test('a gate is known by its scorer', async () => {
  const scorers = (spec: ScorerSpec): Scorer => ({ ...scorerOf('judge'), gate: spec === 'tests' })
  const { result } = execute(judged(async (run) => run.gate, 'tests')(scripted([]).model), question('?'), {
    ...context,
    scorers,
  })
  expect((await result).text).toBe('true')
})
