import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { voting } from '#core'
import { variables } from '../src/config.ts'

const readme = await readFile('README.md', 'utf8')

test('the README has every configuration variable in its table, and no other', () => {
  const table = /\| variable \|[\s\S]*?\n\n/.exec(readme)![0]
  const listed = [...table.matchAll(/^\| (.*?) \|/gm)].flatMap(([, cell]) => cell!.match(/[A-Z][A-Z_]+/g) ?? [])
  expect(listed.sort()).toEqual([...variables].sort())
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
