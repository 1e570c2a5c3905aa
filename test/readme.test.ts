import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { voting } from '#core'
import { documented, tables, written } from '../docs/write/docs.ts'
import { variables } from '../src/config/index.ts'

const readme = await readFile('README.md', 'utf8')
const page = (name: string) => readFile(`docs/${name}.md`, 'utf8')

test('the README starts and tests the project with one line each', () => {
  expect(readme).toMatch(/^npm ci && npm start$/m)
  expect(readme).toMatch(/^npm ci && npm test$/m)
})

test('every configuration variable is told of', async () => {
  const configuration = await page('configuration')
  for (const name of [...Object.keys(variables), 'MULL_CONFIG']) expect(configuration).toContain(`\`${name}\``)
})

test('the example of a strategy is a strategy that exists, and those of a package are its files', async () => {
  const writing = await page('writing')
  expect(writing).toContain(await readFile('strategies/adaptive-consistency.ts', 'utf8'))
  expect(writing).toContain(await readFile('examples/custom-strategy/index.ts', 'utf8'))
})

test('every option of a vote is named', async () => {
  const strategies = await page('strategies')
  for (const option of Object.keys(voting())) expect(strategies).toContain(`\`${option}`)
})

test.each(Object.keys(written))('%s has what `npm run docs` writes', async (name) => {
  const text = await readFile(name, 'utf8')
  expect(text).toBe(documented(text, await written[name]!()))
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
