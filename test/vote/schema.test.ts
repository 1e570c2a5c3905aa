import { describe, expect, test } from 'vitest'
import { fieldConsensus } from '../../src/vote/consensus.ts'
import { breaks } from '../../src/vote/schema.ts'

describe('a schema is broken by', () => {
  const cases: readonly (readonly [what: string, schema: unknown, kept: unknown, broken: unknown])[] = [
    ['another type', { type: 'integer' }, 3, 3.5],
    ['none of several types', { type: ['string', 'null'] }, null, 1],
    ['a value outside an enum', { enum: ['a', { b: 1 }] }, { b: 1 }, 'b'],
    ['another constant', { const: 1 }, 1, 2],
    ['a missing field', { required: ['a'] }, { a: 1 }, {}],
    ['a wrong field', { properties: { a: { type: 'string' } } }, { a: 'x', b: 1 }, { a: 1 }],
    ['a field too many', { properties: { a: {} }, additionalProperties: false }, { a: 1 }, { b: 1 }],
    ['a wrong item', { items: { type: 'number' } }, [1, 2], [1, 'x']],
    ['no alternative', { anyOf: [{ type: 'string' }, { type: 'null' }] }, 'x', 1],
    ['two of one', { oneOf: [{ minimum: 1 }, { minimum: 5 }] }, 2, 7],
    ['one of all', { allOf: [{ minimum: 1 }, { maximum: 3 }] }, 2, 4],
    ['what it is not', { not: { type: 'string' } }, 1, 'x'],
    ['a number out of range', { exclusiveMinimum: 0, exclusiveMaximum: 2 }, 1, 2],
    ['a text out of length', { minLength: 1, maxLength: 2 }, 'xy', 'xyz'],
    ['a list out of length', { minItems: 1, maxItems: 2 }, [1], []],
    [
      'what a reference says',
      { $defs: { n: { type: 'number' } }, properties: { a: { $ref: '#/$defs/n' } } },
      { a: 1 },
      { a: 'x' },
    ],
    [
      'a tree with a wrong leaf',
      { properties: { next: { $ref: '#' } }, required: ['v'] },
      { v: 1, next: { v: 2 } },
      { v: 1, next: {} },
    ],
    ['anything, if it is false', { properties: { a: false } }, {}, { a: 1 }],
  ]

  test.each(cases)('%s', (_what, schema, kept, broken) => {
    expect([breaks(kept, schema), breaks(broken, schema)]).toEqual([false, true])
  })

  test('nothing in bounded time, if it refers to itself without end', () => {
    const endless = { allOf: [{ $ref: '#' }, { $ref: '#' }, { $ref: '#' }] }
    expect(breaks({ a: 1 }, endless)).toBe(false)
  })

  test('nothing that it does not know', () => {
    expect([breaks('x', { format: 'date' }), breaks(1, undefined), breaks(1, { $ref: 'https://x' })]).toEqual([
      false,
      false,
      false,
    ])
  })
})

describe('a consensus', () => {
  test('takes each field from most, and only fields that most have', () => {
    const said = [
      { a: 1, b: { c: 'x' } },
      { a: 2, b: { c: 'y' } },
      { a: 2, b: { c: 'x' }, d: 1 },
    ]
    expect(fieldConsensus(said, 'majority')).toEqual({ a: 2, b: { c: 'x' } })
  })

  test('takes the median of numbers if so asked, as somebody said it', () => {
    expect(fieldConsensus([{ a: 1 }, { a: 50 }, { a: 3 }, { a: 4 }], 'median')).toEqual({ a: 3 })
  })

  test('is there only for objects', () => {
    expect([fieldConsensus([1, 1], 'majority'), fieldConsensus([], 'majority')]).toEqual([undefined, undefined])
  })
})
