import { existsSync, globSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { evaluate } from '#core'
import * as strategies from '../strategies/index.ts'

process.chdir(fileURLToPath(new URL('..', import.meta.url)))

const text = (file: string) => readFileSync(file, 'utf8')
const files = globSync(['src/**/*.ts', 'strategies/*.ts']).toSorted()
const names: Readonly<Record<string, string>> = {
  '#core': 'src/core/index.ts',
  '#answers': 'src/answers/index.ts',
  '#vote': 'src/vote/index.ts',
}

type Import = { readonly file: string; readonly written: string; readonly target: string }

/** Everything that a file imports; a file of ours by its path, a package by its name, `node:` for all of Node's own. */
const imports: readonly Import[] = files.flatMap((file) =>
  [...text(file).matchAll(/^(?:import|export)\b[^'"();=:/]*?['"]([^'"\s]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/gm)].map(
    (match) => {
      const written = match[1] ?? match[2]!
      const target = written.startsWith('.') ? join(dirname(file), written) : (names[written] ?? packageOf(written))
      return { file, written, target }
    },
  ),
)

function packageOf(written: string): string {
  if (written.startsWith('node:')) return 'node:'
  return written.split('/', written.startsWith('@') ? 2 : 1).join('/')
}

const isOurs = (target: string) => target.includes('.')
const shown = ({ file, written }: Import) => `${file} imports ${written}`

/** What the files of a folder may import of ours beside each other. All others are entries, and know everything. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  'src/core': [],
  'src/answers': [],
  'src/vote': ['#core', '#answers'],
  'src/upstream': ['#core', '#answers'],
  'src/scorers': ['#core', '#answers', '#vote'],
  'src/recipe': ['#core'],
  'src/state': ['#core'],
  'src/keys': ['#core', '../http/gate.ts', '../state/allowance.ts'],
  'src/http': ['#core'],
  strategies: ['#core', '#answers'],
}

/** Where each package lives. */
const homes: Readonly<Record<string, readonly string[]>> = {
  zod: ['src/core/', 'src/http/', 'src/recipe/', 'src/scorers/', 'src/config/', 'strategies/'],
  openai: ['src/upstream/'],
  'p-limit': ['src/upstream/'],
  'p-retry': ['src/upstream/', 'src/state/'],
  'p-throttle': ['src/upstream/'],
  'lru-cache': ['src/upstream/', 'src/http/traces/'],
  'eventsource-parser': ['src/upstream/', 'src/command/'],
  'prom-client': ['src/node/metrics/'],
  commander: ['src/command/'],
  leven: ['src/recipe/'],
  hono: ['src/http/'],
  '@hono/node-server': ['src/node.ts', 'src/node/'],
  '@redis/client': ['src/node/'],
  undici: ['src/node/'],
  'd3-scale': ['src/eval/report/'],
  'd3-shape': ['src/eval/report/'],
  'cloudflare:workers': ['src/state/object.ts', 'src/edge/'],
  'node:': ['src/node.ts', 'src/node/', 'src/command/', 'src/eval/', 'src/export/', 'src/cli.ts'],
}

test('the files were found, and what they import was read', () => {
  for (const folder of Object.keys(mayImport))
    expect(files.filter((file) => file.startsWith(`${folder}/`))).not.toEqual([])
  expect(new Set(imports.map(({ target }) => target))).toContain('src/core/scope.ts')
  for (const name of Object.keys(homes)) expect(imports.map(({ target }) => target)).toContain(name)
  for (const { file, target } of imports)
    if (isOurs(target)) expect(existsSync(target), `${file}: ${target}`).toBe(true)
})

describe('the direction of imports:', () => {
  test.each(Object.entries(mayImport))('%s imports itself and %j', (folder, allowed) => {
    const foreign = imports
      .filter(({ file, target }) => file.startsWith(`${folder}/`) && isOurs(target))
      .filter(({ target, written }) => !target.startsWith(`${folder}/`) && !allowed.includes(written))
    expect(foreign.map(shown)).toEqual([])
  })

  test.each(Object.entries(names))('%s is what its folder is called from outside', (name, index) => {
    const others = imports.filter(
      ({ file, target }) => target.startsWith(dirname(index)) && !file.startsWith(dirname(index)),
    )
    expect(others.filter(({ written }) => written !== name).map(shown)).toEqual([])
  })

  test('the command line is for the command alone', () => {
    const others = imports.filter(
      ({ file, target }) => target.startsWith('src/command/') && !file.startsWith('src/command/'),
    )
    expect(new Set(others.map(({ file }) => file))).toEqual(new Set(['src/cli.ts']))
  })

  test('no file imports the index of its own folder', () => {
    expect(imports.filter(({ file, target }) => target === join(dirname(file), 'index.ts')).map(shown)).toEqual([])
  })

  test.each(Object.entries(homes))('%s is imported in %j alone', (name, home) => {
    const strays = imports.filter(
      ({ file, target }) => target === name && !home.some((place) => file.startsWith(place)),
    )
    expect(strays.map(shown)).toEqual([])
  })

  test('every package has a home', () => {
    const strays = imports.filter(({ target }) => !isOurs(target) && !(target in homes))
    expect(strays.map(shown)).toEqual([])
  })
})

describe('a strategy', () => {
  const ids = globSync('strategies/*.ts').map((file) => basename(file, '.ts'))
  const written = ids.filter((id) => id !== 'index').toSorted()
  const page = existsSync('docs/strategies.md') ? text('docs/strategies.md') : ''
  const rows = Object.values(strategies).map(({ id, aliases }) => [id, aliases] as const)
  const plumbing = /\b(?:signal|AbortController|usage|stream|retry|fetch)\b/gi

  test.each(written)('%s is exported under its own name', (id) => {
    expect(text('strategies/index.ts')).toContain(`from './${id}.ts'`)
    expect(Object.values(strategies).map((factory) => factory.id)).toContain(id)
  })

  test('has a file of its own, and a name nobody else has', () => {
    const factories = Object.values(strategies)
    expect(factories.map(({ id }) => id).toSorted()).toEqual(written)
    const known = factories.flatMap(({ id, aliases }) => [id, ...aliases])
    expect(new Set(known).size).toBe(known.length)
  })

  test.each(written)('%s has a test', (id) => {
    expect(existsSync(`test/strategies/${id}.test.ts`)).toBe(true)
  })

  test.each(rows)('%s has a row in docs/strategies.md, with the short names %j', (id, aliases) => {
    const row = page.split('\n').find((line) => line.startsWith(`| \`${id}\` |`))
    const short = row?.split('|')[2] ?? ''
    expect([...short.matchAll(/`([^`]+)`/g)].map(([, alias]) => alias)).toEqual([...aliases])
    expect(row).toBeDefined()
  })

  test.each(written)('%s has no word of plumbing in it', (id) => {
    expect(text(`strategies/${id}.ts`).match(plumbing) ?? []).toEqual([])
  })

  test('has at most 130 lines, and half of them have fewer than 60', () => {
    const lines = written
      .map((id) => text(`strategies/${id}.ts`).trimEnd().split('\n').length)
      .toSorted((a, b) => a - b)
    expect(lines.at(-1)).toBeLessThanOrEqual(130)
    expect(lines[Math.floor(lines.length / 2)]).toBeLessThan(60)
  })

  test.each(Object.values(strategies).map((factory) => [factory.id, factory] as const))(
    '%s says what it does in one sentence, and what it costs at most in formulas over its options',
    (_, { about, schema }) => {
      expect(about.does).toMatch(/^[A-Z].*\.$/)
      const defaults = Object.entries(schema.parse({})).filter(([, value]) => typeof value === 'number')
      const values = { ...Object.fromEntries(defaults), score: 1, compare: 2 } as Record<string, number>
      for (const formula of [about.calls, about.depth]) expect(evaluate(formula, values)).toBeGreaterThan(0)
    },
  )
})
