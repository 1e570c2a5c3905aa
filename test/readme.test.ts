import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { voting } from '#core'
import { documented, tables } from '../docs.ts'
import { variables } from '../src/config/index.ts'

const readme = await readFile('README.md', 'utf8')

test('the README has every configuration variable in its table, and no other', () => {
  const table = /\| variable \|[\s\S]*?\n\n/.exec(readme)![0]
  const listed = [...table.matchAll(/^\| (.*?) \|/gm)].flatMap(([, cell]) => cell!.match(/[A-Z][A-Z_]+/g) ?? [])
  expect(listed.sort()).toEqual([...Object.keys(variables), 'MULL_CONFIG'].sort())
})

test('the README starts and tests the project with one line each', () => {
  expect(readme).toMatch(/^npm ci && npm start$/m)
  expect(readme).toMatch(/^npm ci && npm test$/m)
})

test('the README’s example of a strategy is a strategy that exists', async () => {
  expect(readme).toContain(await readFile('strategies/adaptive-consistency.ts', 'utf8'))
})

test('the README names every option of a vote', () => {
  for (const option of Object.keys(voting())) expect(readme).toContain(`\`${option}`)
})

test('the README’s tables of strategies and scorers are what `npm run docs` writes', () => {
  expect(readme).toBe(documented(readme))
})

describe('a table', () => {
  const entry = { does: 'Does it.', options: { properties: {} }, calls: 'n * 2', needs: [] }
  const strategy = { ...entry, id: 'odd', object: 'strategy', aliases: ['o'], depth: '1' } as const

  test('has a row for each, with its names, source, options and costs', () => {
    const options = {
      properties: {
        n: { default: 4 },
        share: {},
        note: { default: '' },
        scorer: { default: ['a', { id: 'b', options: { k: 2 } }] },
      },
    }
    const text = tables([
      { ...strategy, source: 'A, 2020', options, needs: ['logprobs'] },
      { ...entry, id: 'gate', object: 'scorer', gate: true },
    ])
    expect(text.split('\n')).toContain(
      '| `odd` | `o` | Does it (A, 2020). | `n=4`, `share`, `note=""`, `scorer=[a, b(k=2)]` | `n * 2` | `1` | `logprobs` |',
    )
    expect(text).toContain('| `gate` | Does it. In a list it stands before the others')
  })

  test('names the options of a vote in a word, and lets no sign end a cell', () => {
    const properties = { k: { default: 'a|b' }, ...Object.fromEntries(Object.keys(voting()).map((name) => [name, {}])) }
    expect(tables([{ ...strategy, options: { properties } }])).toContain('| `k=a\\|b`, those of a vote |')
  })
})
