import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
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
