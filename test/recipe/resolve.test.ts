import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import * as z from 'zod'
import { BadRecipe, type ScorerFactory, type StrategyFactory, scoredBy, scorer, strategy } from '#core'
import { type Pantry, resolve } from '../../src/recipe/resolve.ts'
import { agreement } from '../../src/scorers/agreement.ts'
import { judge } from '../../src/scorers/judge.ts'
import { bestOfN, none, selfConsistency, treeOfThoughts } from '../../strategies/index.ts'
import { about } from '../helpers/scripted.ts'

const odd = strategy(
  'odd',
  about,
  {
    share: z.number().min(0).max(1).default(1),
    names: z.array(z.string()).default([]),
    least: z.int().min(2).default(2),
    wild: z.boolean().default(false),
    note: z.string().default(''),
    scorer: scoredBy(),
  },
  (run) => run.answer(),
)
const strategies = [none, selfConsistency, bestOfN, treeOfThoughts, odd] as unknown as readonly StrategyFactory[]
const graded = scorer(
  'graded',
  { does: 'Tests.', calls: 'votes' },
  { votes: z.int().min(1).max(9).default(1), style: z.string().default('') },
  () => ({ score: async () => ({ score: 1 }) }),
)
const named = { agreement, judge, graded } as unknown as Record<string, ScorerFactory>
const pantry: Pantry = { strategies, scorers: Object.values(named), aliases: {} }
const resolved = (name: string, extra?: string, listed: readonly string[] = [], aliases = {}) => {
  const { model, text } = resolve(name, extra, listed, { ...pantry, aliases })
  return { model, text }
}
const refusal = (...given: Parameters<typeof resolved>): string => {
  try {
    resolved(...given)
  } catch (error) {
    expect(error).toBeInstanceOf(BadRecipe)
    expect(error).toMatchObject({ status: 400, code: 'invalid_recipe' })
    return (error as BadRecipe).message
  }
  throw new Error(`${given} was understood`)
}

describe('a name', () => {
  test.each([
    ['r1', 'r1', 'r1'],
    ['r1+sc@16', 'r1', 'r1+self-consistency@16'],
    ['deepseek-r1:70b+sc@16', 'deepseek-r1:70b', 'deepseek-r1:70b+self-consistency@16'],
    ['org/model+maj', 'org/model', 'org/model+self-consistency'],
    ['r1+bon@8(scorer=judge)', 'r1', 'r1+best-of-n@8(scorer=judge)'],
    ['r1 + sc & bon', 'r1', 'r1+self-consistency&best-of-n'],
    ['r1+none+VOTE@2', 'r1', 'r1+none+self-consistency@2'],
  ])('%s is a model and what is put around it', (name, model, text) => {
    expect(resolved(name)).toEqual({ model, text })
  })

  test('a recipe given beside the name is put around it', () => {
    expect(resolved('r1', 'sc@4').text).toBe('r1+self-consistency@4')
    expect(resolved('r1+bon', 'sc@4').text).toBe('r1+best-of-n+self-consistency@4')
  })

  test('a listed model that looks like a recipe is taken whole', () => {
    const listed = ['r1', 'c4ai-command-r', 'c4ai-command-r+', 'r1+sc@4', 'a/b:c+plus']
    expect(resolved('r1+sc@4', undefined, listed)).toEqual({ model: 'r1+sc@4', text: 'r1+sc@4' })
    expect(resolved('a/b:c+plus+sc', undefined, listed)).toEqual({
      model: 'a/b:c+plus',
      text: 'a/b:c+plus+self-consistency',
    })
    expect(resolved('c4ai-command-r++sc', undefined, listed).model).toBe('c4ai-command-r+')
    expect(resolved('c4ai-command-r+ + sc', undefined, listed).model).toBe('c4ai-command-r+')
    expect(resolved('r1+sc@8', undefined, listed).model).toBe('r1')
  })

  test('without a model is refused', () => {
    expect(refusal('+sc')).toBe('"+sc" names no model; a recipe is model+strategy.')
  })
})

describe('an alias', () => {
  test('stands for a model or a whole recipe, and more can be put around it', () => {
    const aliases = { smart: 'r1+sc@16', smarter: 'smart+bon@2', fast: 'mini' }
    expect(resolved('fast', undefined, [], aliases)).toEqual({ model: 'mini', text: 'mini' })
    expect(resolved('smart', undefined, [], aliases).text).toBe('r1+self-consistency@16')
    expect(resolved('smarter+none', undefined, [], aliases).text).toBe('r1+self-consistency@16+best-of-n@2+none')
  })

  test('wins over a listed model of the same name', () => {
    expect(resolved('r1', undefined, ['r1'], { r1: 'other' }).model).toBe('other')
  })

  test('with a plus in its name is taken whole', () => {
    expect(resolved('r1+best', undefined, [], { 'r1+best': 'r1+bon' }).text).toBe('r1+best-of-n')
  })

  test('that stands for itself is refused, and the circle is named', () => {
    expect(refusal('a', undefined, [], { a: 'b+sc', b: 'a' })).toBe('The alias "a" stands for itself: a is b is a.')
    expect(refusal('r1+bon', undefined, [], { r1: 'r1+sc' })).toContain('"r1" stands for itself')
  })

  test('may be reached through many others', () => {
    const chain = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`a${i}`, i === 19 ? 'r1' : `a${i + 1}`]))
    expect(resolved('a0', undefined, [], chain).model).toBe('r1')
  })

  test('is not found on every object', () => {
    expect(resolved('constructor').model).toBe('constructor')
    expect(resolved('__proto__+sc').model).toBe('__proto__')
  })
})

describe('a scorer', () => {
  test.each([
    ['r1+bon(scorer=graded(votes=3))', 'r1+best-of-n(scorer=graded(votes=3))'],
    ['r1+bon( scorer = graded( votes = 3 ) )', 'r1+best-of-n(scorer=graded(votes=3))'],
    ['r1+bon(scorer=graded())', 'r1+best-of-n(scorer=graded())'],
    ['r1+bon(scorer=[judge,agreement])', 'r1+best-of-n(scorer=[judge,agreement])'],
    [
      'r1+bon@4(scorer=[graded(votes=5,style="a, b"),judge])',
      'r1+best-of-n@4(scorer=[graded(votes=5,style="a, b"),judge])',
    ],
  ])('may have options, and several make a list: %s', (name, text) => {
    expect(resolved(name)).toEqual({ model: 'r1', text })
    expect(resolved(text)).toEqual({ model: 'r1', text })
  })

  test.each([
    ['r1+bon(scorer=graded(votes=0))', 'graded: votes is 0; allowed is a whole number from 1 to 9.'],
    [
      'r1+bon(scorer=graded(vote=3))',
      'graded has no option "vote". Did you mean "votes"? Its options are votes, style, weight.',
    ],
    ['r1+bon(scorer=agreement(votes=3))', 'agreement has no option "votes". Its options are weight.'],
    ['r1+bon(scorer=[judge,juge])', 'best-of-n: scorer is "juge"; allowed is one of agreement, judge, graded.'],
    ['r1+bon(scorer=[judge,graded(votes=99)])', 'graded: votes is 99'],
    ['r1+bon(scorer=[])', 'best-of-n: scorer is []'],
    ['r1+bon(scorer=3)', 'best-of-n: scorer is 3'],
    ['r1+bon(scorer=[judge,[judge]])', 'best-of-n: scorer'],
  ])('that is wrong is refused before anything is asked: %s', (name, message) => {
    expect(refusal(name)).toContain(message)
  })

  test('that is known to a strategy with no scorer is no option of it', () => {
    expect(refusal('r1+tot(scorer=judge)')).toContain('tree-of-thoughts has no option "scorer"')
  })
})

describe('ways side by side', () => {
  test.each([
    ['r1+sc@4|bon', 'r1+self-consistency@4|best-of-n', 1],
    ['r1 + sc & bon | none', 'r1+self-consistency&best-of-n|none', 1],
    ['r1+none|none+sc', 'r1+none|none+self-consistency', 2],
  ])('are one stage: %s', (name, text, stages) => {
    expect(resolved(name)).toEqual({ model: 'r1', text })
    expect(resolve(name, undefined, [], pantry).stages).toHaveLength(stages)
  })

  test('are all counted among the most there may be', () => {
    expect(refusal(`r1+${Array(17).fill('none').join('|')}`)).toBe('A recipe has at most 16 strategies.')
  })
})

describe('a wrong recipe is a 400 that says', () => {
  test.each([
    ['r1+self-consistancy', 'Did you mean "self-consistency"?'],
    ['r1+bom', 'Did you mean "bon"?'],
    ['r1+xyzzy', 'There is no strategy "xyzzy". Strategies are none, self-consistency (sc) (maj) (vote), '],
    ['r1+sc(m=3)', 'self-consistency has no option "m". Did you mean "n"? Its options are n, weight, '],
    ['r1+bon(selekt=argmax)', 'Did you mean "select"?'],
    ['r1+none(n=3)', 'none has no options, and was given "n".'],
    ['r1+none@3', 'none takes no number: "none@3".'],
    ['r1+sc@4(n=5)', 'self-consistency is given n twice: as @4 and as n=5.'],
    ['r1+sc@0', 'self-consistency: n is 0; allowed is a whole number from 1 to 256.'],
    ['r1+sc@1e9', 'self-consistency: n is 1000000000; allowed is a whole number from 1 to 256.'],
    ['r1+sc@1e999', 'self-consistency: n is Infinity; allowed is a whole number from 1 to 256.'],
    ['r1+sc@2.5', 'self-consistency: n is 2.5; allowed is a whole number from 1 to 256.'],
    ['r1+sc(n=many)', 'self-consistency: n is "many"; allowed is a whole number from 1 to 256.'],
    ['r1+bon(select=best)', 'best-of-n: select is "best"; allowed is one of weighted, argmax.'],
    ['r1+bon(scorer=juge)', 'scorer is "juge"; allowed is one of agreement, judge, graded. Did you mean "judge"?'],
    ['r1+odd(share=2)', 'odd: share is 2; allowed is a number from 0 to 1.'],
    ['r1+odd(least=1)', 'odd: least is 1; allowed is a whole number from 2 to ∞.'],
    ['r1+odd(wild=3)', 'odd: wild is 3; allowed is true or false.'],
    ['r1+odd(names=[a,2])', 'odd: names is 2; allowed is a list [a, b, …] of a text.'],
    ['r1+sc@0+bon@0', 'self-consistency: n is 0'],
  ])('of %s what is wrong with it', (name, message) => {
    expect(refusal(name)).toContain(message)
  })

  test('that there are too many strategies', () => {
    expect(refusal(`r1${'+none'.repeat(17)}`)).toBe('A recipe has at most 16 strategies.')
    expect(resolved(`r1${'+none'.repeat(16)}`).model).toBe('r1')
  })
})

test('the text of a recipe is a name for the same recipe', () => {
  const step = fc.oneof(
    fc.constant('none'),
    fc.integer({ min: 1, max: 256 }).map((n) => `vote@${n}`),
    fc.constantFrom('weighted', 'argmax').map((select) => `bon(select=${select},n=2)`),
    fc
      .record({ share: fc.double({ min: 0, max: 1, noNaN: true }), note: fc.string() })
      .map(({ share, note }) => `odd@${share}(note=${JSON.stringify(note)},names=["${share}",x])`),
  )
  const stage = fc.array(step, { minLength: 1, maxLength: 3 }).map((steps) => steps.join(' & '))
  fc.assert(
    fc.property(fc.array(stage, { minLength: 1, maxLength: 3 }), (stages) => {
      const { model, text } = resolved(`r1:7b+${stages.join('+')}`)
      expect(resolved(text)).toEqual({ model, text })
    }),
  )
})

test('a name is understood or refused, whatever it is', () => {
  const piece = fc.constantFrom(
    'r1',
    '+',
    'sc',
    '@',
    '4',
    '&',
    'bon',
    '(',
    'scorer',
    '=',
    'judge',
    ')',
    ',',
    ' ',
    'toString',
  )
  const name = fc.oneof(
    fc.array(piece, { maxLength: 16 }).map((pieces) => pieces.join('')),
    fc.string(),
  )
  fc.assert(
    fc.property(name, fc.option(name, { nil: undefined }), (name, extra) => {
      try {
        resolve(name, extra, ['r1'], pantry)
      } catch (error) {
        expect(error).toBeInstanceOf(BadRecipe)
      }
    }),
  )
})
