import { expect, test } from 'vitest'
import * as z from 'zod'
import { type ScorerFactory, type StrategyFactory, scoredBy, scorer, strategy } from '#core'
import { catalogueOf } from '../../src/recipe/catalogue.ts'

const zebra = strategy(
  'zebra',
  {
    does: 'Counts stripes.',
    source: 'A, 2020',
    aliases: ['z'],
    calls: 'n * score',
    depth: '1 + score',
    needs: ['logprobs'],
  },
  {
    n: z.int().min(1).max(9).default(4),
    share: z.number().min(0).max(1).optional(),
    mode: z.enum(['a', 'b']).default('a'),
    names: z.array(z.string()).default([]),
    scorer: scoredBy(['judge', { id: 'verify', options: { lines: 3 } }]),
  },
  (run) => run.answer(),
)
const ant = strategy('ant', { does: 'Crawls.', calls: '1', depth: '1' }, {}, (run) => run.answer())
const gate = scorer('gate', { does: 'Lets pass.', calls: '0', gate: true, needs: ['tools'] }, {}, () => ({
  score: async () => ({ score: 1 }),
}))
const factories = { strategies: [zebra, ant], scorers: [gate] } as unknown as {
  strategies: readonly StrategyFactory[]
  scorers: readonly ScorerFactory[]
}

test('strategies come first, by name, then scorers, each with all that is known of it', () => {
  expect(catalogueOf(factories)).toMatchObject([
    { id: 'ant', object: 'strategy', aliases: [], does: 'Crawls.', calls: '1', depth: '1', needs: [] },
    {
      id: 'zebra',
      object: 'strategy',
      aliases: ['z'],
      source: 'A, 2020',
      leading: 'n',
      calls: 'n * score',
      depth: '1 + score',
      needs: ['logprobs'],
    },
    { id: 'gate', object: 'scorer', does: 'Lets pass.', calls: '0', gate: true, needs: ['tools'] },
  ])
})

test('options are a JSON schema of what may be given: with defaults, bounds and choices, nothing required', () => {
  const [, { options }] = catalogueOf(factories) as [object, { options: Record<string, unknown> }]
  expect(options).toMatchObject({
    type: 'object',
    additionalProperties: false,
    properties: {
      n: { type: 'integer', minimum: 1, maximum: 9, default: 4 },
      share: { type: 'number', minimum: 0, maximum: 1 },
      mode: { enum: ['a', 'b'], default: 'a' },
      names: { type: 'array', default: [] },
      scorer: { default: ['judge', { id: 'verify', options: { lines: 3 } }] },
    },
  })
  expect(options).not.toHaveProperty('required')
})

test('it is plain data', () => {
  expect(JSON.parse(JSON.stringify(catalogueOf(factories)))).toEqual(catalogueOf(factories))
})
