import { expect, test } from 'vitest'
import type { Strategy } from '../../page/src/api/entries.ts'
import { optionsOf, recipeOf } from '../../page/src/form/recipe.ts'
import { mainOf, readConfig } from '../../src/config/index.ts'
import { createEngine } from '../../src/engine.ts'
import { inMemory } from '../../src/remembered.ts'
import { demoTransport } from '../../src/servers.ts'

const config = readConfig({})
const engine = createEngine(config, () => demoTransport(mainOf(config)), inMemory(config))
const strategies = (engine.catalogue() as Strategy[]).filter(({ object }) => object === 'strategy')
const caller = { headers: new Headers(), key: null }

test.each([
  [{}, 'demo+best-of-n'],
  [{ n: '4' }, 'demo+best-of-n@4'],
  [{ n: '4', scorer: 'judge(votes=3)' }, 'demo+best-of-n@4(scorer=judge(votes=3))'],
  [{ scorer: '[verify, judge]', select: 'argmax' }, 'demo+best-of-n(scorer=[verify, judge], select=argmax)'],
] as const)('the options %j come to the recipe %s, which the API takes', async (options, recipe) => {
  expect(recipeOf({ model: 'demo', strategy: 'best-of-n', options }, strategies)).toBe(recipe)
  expect((await engine.plan(recipe, undefined, caller)).kind).toBe('recipe')
})

test('a text with spaces is quoted', async () => {
  const recipe = recipeOf({ model: 'demo', strategy: 'cascade', options: { strong: 'a b' } }, strategies)
  expect(recipe).toBe('demo+cascade(strong="a b")')
  expect((await engine.plan(recipe, undefined, caller)).kind).toBe('recipe')
})

test('no strategy is the bare model', () => {
  expect(recipeOf({ model: 'demo', strategy: '', options: {} }, strategies)).toBe('demo')
})

test('the options of a vote stand apart from a strategy’s own', () => {
  const { own, ofVotes } = optionsOf(strategies.find(({ id }) => id === 'best-of-n')!, strategies)
  expect(own.map(([name]) => name)).toEqual(['n', 'scorer', 'select', 'threshold'])
  expect(ofVotes.map(([name]) => name)).toContain('semantic')
})
