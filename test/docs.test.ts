import { execFile, execFileSync } from 'node:child_process'
import { globSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { alone } from './helpers/command.ts'
import { startServe } from './helpers/serve.ts'

const run = promisify(execFile)

type Block = { readonly at: string; readonly language: string; readonly mark: string; readonly text: string }

const pages = ['README.md', ...globSync('docs/*.md')].toSorted()
const texts = new Map(await Promise.all(pages.map(async (page) => [page, await readFile(page, 'utf8')] as const)))

/** Every fenced block: its language, and the mark behind it that says how it is checked. */
const blocks: readonly Block[] = [...texts].flatMap(([page, text]) =>
  [...text.matchAll(/^```([^\n]*)\n(.*?)^```$/gms)].map(({ 1: info = '', 2: inside = '', index }) => {
    const [language = '', mark = ''] = info.split(' ')
    return { at: `${page}:${text.slice(0, index).split('\n').length}`, language, mark, text: inside }
  }),
)
const of = (language: string, mark: string) =>
  blocks.filter((block) => block.language === language && block.mark === mark)

const has = (program: string) => {
  try {
    execFileSync('sh', ['-c', `command -v ${program}`])
    return true
  } catch {
    return false
  }
}

let folder: string
let mull: Awaited<ReturnType<typeof startServe>>
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mull-docs-'))
  const command = `#!/bin/sh\nexec "${process.execPath}" "${resolve('src/cli.ts')}" "$@"\n`
  await writeFile(join(folder, 'mull'), command)
  await chmod(join(folder, 'mull'), 0o755)
  mull = await startServe({ MULL_BANK: 'off' })
}, 60_000)
afterAll(async () => {
  await mull.close()
  await rm(folder, { recursive: true })
})

test('every block is in a language that is checked, with a mark that is known', () => {
  const known = {
    sh: ['', 'serves', 'outside'],
    ts: [''],
    json: [''],
    python: [''],
    text: [''],
    markdown: [''],
  }
  for (const { at, language, mark } of blocks)
    expect((known as Record<string, string[]>)[language] ?? [], `${at}: ${language} ${mark}`).toContain(mark)
  expect(of('sh', '').length).toBeGreaterThan(10)
})

test('every link leads to a file and a heading that exist', () => {
  const slugs = (text: string) =>
    [...text.matchAll(/^#+ (.*)$/gm)].map(([, title]) =>
      title!
        .toLowerCase()
        .replaceAll(/[^\p{L}\d\s-]/gu, '')
        .replaceAll(' ', '-'),
    )
  for (const [page, text] of texts)
    for (const [, target = ''] of text.matchAll(/\]\((?!https?:)([^)\s]+)\)/g)) {
      const [path = '', heading] = target.split('#')
      const file = path === '' ? page : join(page, '..', path)
      expect(globSync(file), `${page}: ${target}`).not.toEqual([])
      if (heading !== undefined) expect(slugs(texts.get(file)!), `${page}: ${target}`).toContain(heading)
    }
})

describe.skipIf(!has('curl') || !has('jq'))('what is to be typed', () => {
  const environment = () => ({ ...alone, PATH: `${folder}:${alone.PATH}`, HOME: folder })

  test.each(of('sh', ''))('$at runs', { timeout: 120_000 }, async ({ text }) => {
    // What installs, deploys or starts this very project is for the outside.
    expect(text).not.toMatch(/\b(?:npm|npx|docker|wrangler)\b/)
    const script = `curl() { command curl -sS --fail-with-body "$@"; }\n${text.replaceAll('http://127.0.0.1:8787', mull.url)}`
    const { stdout, stderr } = await run('bash', ['--norc', '-euo', 'pipefail', '-c', script], { env: environment() })
    expect(stdout + stderr).not.toBe('')
  })

  test.each(of('sh', 'outside'))('$at is a script', async ({ text }) => {
    await run('bash', ['--norc', '-n', '-c', text])
  })
})

test.each(of('sh', 'serves'))('$at starts servers', { timeout: 120_000 }, async ({ text }) => {
  for (const line of text.trim().split('\n')) {
    const [matched, assignments = '', args = ''] = /^((?:\w+=\S+ )*)npm start(?: --(.*))?$/.exec(line) ?? []
    expect(matched).toBe(line)
    const env = Object.fromEntries(
      assignments
        .trim()
        .split(' ')
        .filter(Boolean)
        .map((pair) => pair.split(/=(.*)/s)),
    )
    await using started = await startServe({ ...env, HOST: '127.0.0.1' }, args.trim().split(' ').filter(Boolean))
    expect(started.url).toMatch(/^http:/)
  }
})

test('what is JSON can be read', () => {
  for (const { at, text } of of('json', '')) expect(() => JSON.parse(text), at).not.toThrow()
})

test.skipIf(!has('python3'))('what is Python compiles', async () => {
  const examples = globSync('examples/**/*.py')
  for (const [index, { text }] of of('python', '').entries()) {
    await writeFile(join(folder, `block-${index}.py`), text)
    examples.push(join(folder, `block-${index}.py`))
  }
  expect(examples.length).toBeGreaterThan(1)
  await run('python3', [
    '-c',
    'import sys\nfor name in sys.argv[1:]: compile(open(name).read(), name, "exec")',
    ...examples,
  ])
})

test('the types of what is TypeScript are right', { timeout: 120_000 }, async () => {
  await mkdir('dist', { recursive: true })
  const here = await mkdtemp(resolve('dist/docs-'))
  try {
    for (const [index, { at, text }] of of('ts', '').entries())
      await writeFile(join(here, `block-${index}.ts`), `// ${at}\n${text}\nexport {}\n`)
    const compilerOptions = { noUnusedLocals: false }
    await writeFile(
      join(here, 'tsconfig.json'),
      JSON.stringify({ extends: '../../tsconfig.json', compilerOptions, include: ['*.ts'] }),
    )
    const { stdout } = await run('node_modules/.bin/tsc', ['-p', here]).catch((error) => error)
    expect(stdout).toBe('')
  } finally {
    await rm(here, { recursive: true })
  }
})
