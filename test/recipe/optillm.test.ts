import { describe, expect, test } from 'vitest'
import { BadRecipe, type StrategyFactory } from '#core'
import { approaches, fromOptillm } from '../../src/recipe/optillm.ts'
import { resolve } from '../../src/recipe/resolve.ts'
import { scorers } from '../../src/scorers/index.ts'
import * as strategies from '../../strategies/index.ts'

const pantry = {
  strategies: Object.values(strategies) as unknown as readonly StrategyFactory[],
  scorers: Object.values(scorers),
  aliases: {},
}
const messages = [{ role: 'user', content: '?' }]
const translate = (body: object, prefixes = false, listed: string[] = []) =>
  fromOptillm({ model: 'm', messages, ...body }, prefixes, async () => listed)
const recipe = async (body: object, prefixes?: boolean, listed?: string[]) => {
  const { model, mull } = (await translate(body, prefixes, listed)) as { model: string; mull?: { strategy?: string } }
  return [model, mull?.strategy]
}
const refusal = (translated: Promise<unknown>) =>
  translated.then(
    () => expect.fail('it was understood'),
    (error: unknown) => {
      expect(error).toBeInstanceOf(BadRecipe)
      return error as BadRecipe
    },
  )

test.each(approaches)('%s is a recipe that exists', async (approach) => {
  const settings = {
    best_of_n: 4,
    k: 4,
    num_candidates: 4,
    deepthink_samples: 4,
    mcts_simulations: 2,
    mcts_exploration: 0.2,
  }
  const more = {
    rstar_num_rollouts: 4,
    rstar_max_depth: 3,
    rstar_c: 1.4,
    cepo_bestofn_n: 2,
    cepo_planning_n: 2,
    cepo_planning_m: 4,
  }
  const [, strategy] = await recipe({ optillm_approach: approach, ...settings, ...more })
  if (approach === 'none') expect(strategy).toBeUndefined()
  else expect(resolve('m', strategy, [], pantry).stages).toHaveLength(1)
})

describe('the body’s field', () => {
  test.each<[object, string | undefined]>([
    [{ optillm_approach: 'bon' }, 'best-of-n'],
    [{ optillm_approach: 'bon', best_of_n: 5 }, 'best-of-n(n=5)'],
    [{ optillm_approach: 're2&bon', best_of_n: 5 }, 're-read&best-of-n(n=5)'],
    [{ optillm_approach: 'bon|moa' }, 'best-of-n|mixture-of-agents'],
    [{ optillm_approach: 'majority_voting', k: 6, best_of_n: 9 }, 'self-consistency(n=6)'],
    [{ optillm_approach: 'none' }, undefined],
    [{ optillm_approach: 'none&bon' }, 'none&best-of-n'],
    [{ optillm_approach: 'auto' }, undefined],
    [{ optillm_approach: null, best_of_n: null }, undefined],
  ])('%j is %s', async (body, strategy) => {
    expect(await recipe(body)).toEqual(['m', strategy])
  })

  test('and OptiLLM’s settings stay here; all else goes on', async () => {
    const body = { optillm_approach: 'bon', best_of_n: 2, mcts_depth: 1, mars_config: {}, return_full_response: true }
    expect(await translate({ ...body, temperature: 1, mull: { think: 'none' } })).toEqual({
      model: 'm',
      messages,
      temperature: 1,
      mull: { think: 'none', strategy: 'best-of-n(n=2)' },
    })
  })

  test('that is missing leaves the body as it is, settings and all', async () => {
    const body = { model: 'bon-m', messages, best_of_n: 2 }
    expect(await fromOptillm(body, false, async () => [])).toBe(body)
  })
})

describe('a prefix of the model’s name', () => {
  test.each<[string, string, string | undefined]>([
    ['moa-gpt-4o-mini', 'gpt-4o-mini', 'mixture-of-agents'],
    ['bon|moa-gpt-4o', 'gpt-4o', 'best-of-n|mixture-of-agents'],
    ['re2&cot_reflection-org/m-7b:q4', 'org/m-7b:q4', 're-read&cot-reflection'],
    ['none-gpt-4o', 'gpt-4o', undefined],
    ['gpt-4o-mini', 'gpt-4o-mini', undefined],
    ['moa', 'moa', undefined],
    ['moa-', 'moa-', undefined],
    ['moa&x-gpt', 'moa&x-gpt', undefined],
    ['mars-7b', 'mars-7b', undefined],
    ['re2-mars-7b', 'mars-7b', 're-read'],
    ['bon-gpt-4o+sc@3', 'gpt-4o+sc@3', 'best-of-n'],
  ])('%s is %s with %s', async (name, model, strategy) => {
    expect(await recipe({ model: name }, true, ['mars-7b', 'leap-llm'])).toEqual([model, strategy])
  })

  test('has its settings in the body, and gives way to the body’s approach', async () => {
    expect(await recipe({ model: 'bon-m', best_of_n: 2 }, true)).toEqual(['m', 'best-of-n(n=2)'])
    expect(await recipe({ model: 'bon-m', optillm_approach: 're2' }, true)).toEqual(['m', 're-read'])
    expect(await recipe({ model: 'bon-m', optillm_approach: 'auto' }, true)).toEqual(['m', 'best-of-n'])
    expect(await recipe({ model: 'bon-m', optillm_approach: 'none' }, true)).toEqual(['m', undefined])
  })

  test('asks for the list of models only where there is one', async () => {
    const body = { model: 'gpt-4o', messages }
    expect(await fromOptillm(body, true, () => expect.fail('nobody asked'))).toBe(body)
  })
})

describe('refused is', () => {
  test.each<[object, string, RegExp]>([
    [{ optillm_approach: 'entropy_decoding' }, 'optillm_approach', /attention.*deepconf/],
    [{ optillm_approach: 'cot_decoding' }, 'optillm_approach', /self-consistency/],
    [{ optillm_approach: 'bon&z3' }, 'optillm_approach', /z3 .*best-of-n\(scorer=verify\).*self-consistency/],
    [{ optillm_approach: 'json' }, 'optillm_approach', /response_format/],
    [{ optillm_approach: 'boon' }, 'optillm_approach', /no approach "boon".* Did you mean "bon"\?.*moa/],
    [{ optillm_approach: '' }, 'optillm_approach', /no approach ""/],
    [{ optillm_approach: 'constructor' }, 'optillm_approach', /no approach/],
    [{ optillm_approach: ['bon'] }, 'optillm_approach', /no text/],
    [{ optillm_approach: 'bon', best_of_n: 'many' }, 'best_of_n', /no number/],
    [{ optillm_approach: 'bon', mull: { strategy: 'sc' } }, 'optillm_approach', /two recipes/],
    [{ model: 'executecode-gpt-4o' }, 'model', /best-of-n\(scorer=verify\)/],
    [{ model: 're2-bon-gpt-4o' }, 'model', /re2&bon-… .*re2\|bon-…/],
  ])('%j', async (body, param, message) => {
    const error = await refusal(translate(body, true))
    expect(error).toMatchObject({ status: 400, param, message: expect.stringMatching(message) })
  })
})
