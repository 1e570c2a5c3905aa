import { describe, expect, test } from 'vitest'
import { scorer, strategy } from '#core'
import { readConfig } from '../../src/config/index.ts'
import { about } from '../helpers/scripted.ts'

const named = (id: string, aliases: string[] = []) =>
  strategy(id, { ...about, aliases }, {}, async (run) => run.answer())
const scoring = (id: string) => scorer(id, { does: 'Tests.', calls: '0' }, {}, () => ({ score: async () => undefined }))

describe('strategies and scorers of one’s own', () => {
  test('are settings', () => {
    const [mine, taste] = [named('mine', ['m']), scoring('taste')]
    const { strategies, scorers } = readConfig({}, { strategies: [mine], scorers: { own: [taste] } })
    expect(strategies).toEqual([mine])
    expect(scorers.own).toEqual([taste])
  })

  test.each([
    [
      { strategies: [named('mine'), named('sc')] },
      'strategies.1.id is "sc": the name is taken by the strategy self-consistency',
    ],
    [
      { strategies: [named('mine', ['m', 'vote'])] },
      'strategies.0.aliases.1 is "vote": the name is taken by the strategy',
    ],
    [{ strategies: [named('mine'), named('other', ['mine'])] }, 'strategies.1.aliases.0 is "mine": the name is taken'],
    [{ strategies: [named('My strategy')] }, 'strategies.0.id is "My strategy": a recipe cannot name it'],
    [{ strategies: [async () => {}] }, 'strategies.0 is a function: it was not made with strategy() of mull/core'],
    [{ strategies: ['sc'] }, 'strategies.0 is "sc": it was not made with strategy() of mull/core'],
    [{ scorers: { own: [scoring('judge')] } }, 'scorers.own.0.id is "judge": the name is taken by the scorer judge'],
  ])('must be made so, and have names of their own: %#', (settings, words) => {
    expect(() => readConfig({}, settings)).toThrow(words)
  })
})
