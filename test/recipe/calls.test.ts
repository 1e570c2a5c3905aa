import { expect, test } from 'vitest'
import { pantry } from '../../src/pantry.ts'
import { resolve } from '../../src/recipe/resolve.ts'

const aliases = { smart: 'm+sc@4', loop: 'm+moa(models=[loop])' }
const callsOf = (name: string) => resolve(name, undefined, [], { ...pantry, aliases })

test.each([
  ['m+none', 1],
  ['m+sc@16', 16],
  ['m+bon@8', 8 + 8],
  ['m+bon@8(scorer=agreement)', 8],
  ['m+bon@4(scorer=judge(votes=3))', 4 + 4 * 3],
  ['m+bon@4(scorer=[judge,judge(votes=2)])', 4 + 4 * 3],
  ['m+sc@16(semantic=true)', 16 + 1],
  ['m+sc@3+bon@4', 3 * 4 + 4],
  ['m+sc@16+sc@16+sc@16', 16 ** 3],
  ['m+re2&sc@4', 1 + 4],
  ['m+re2|sc@4', 1 + 4 + 2],
  ['m+re2&sc@4|none+sc@2', (1 + 4 + 1 + 2) * 2],
  ['smart+sc@2', 8],
  ['m+moa@3(layers=1)', 3 + 1],
  ['m+moa@3(layers=1,models=[m,smart])', (3 + 1) * 4],
])('%s asks for at most %i completions', (name, calls) => {
  expect(callsOf(name).calls).toBe(calls)
})

test.each([
  ['m+sc', 16],
  ['m+sc@16', 0],
  ['m+bon(scorer=agreement)', 16],
  ['m+bon(scorer=judge(votes=2))', 16],
  ['m+sc+sc@2', 16],
])('of %s, %i are by numbers of ours', (name, unasked) => {
  expect(callsOf(name).unasked).toBe(unasked)
})

test('models that name one another without end are refused', () => {
  expect(() => callsOf('loop')).toThrow(/names "loop"/)
})

test('a name that nobody gives a model is refused', () => {
  expect(() => callsOf(`${'m'.repeat(257)}+sc`)).toThrow('at most 256 characters')
})
