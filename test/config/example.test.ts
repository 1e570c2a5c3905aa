import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { example } from '../../docs/write/example.ts'
import { readConfig } from '../../src/config/index.ts'

const text = await readFile('mull.config.example.ts', 'utf8')

/** What a file says that defines nothing but settings. */
const settingsOf = async (file: string) =>
  (
    await import(
      `data:text/javascript,${encodeURIComponent(file.replace(/^import .*/, 'const defineConfig = (it) => it'))}`
    )
  ).default

test('the example is what `npm run docs` writes', async () => {
  expect(text).toBe(await example())
})

test('what it says is every default', async () => {
  expect(readConfig({}, await settingsOf(text))).toEqual(readConfig({}))
})

test('what it has as comments can be said, too', async () => {
  const said = text
    .replaceAll(/^( *)\/\/ (\w+: .*,)$/gm, '$1$2')
    .replaceAll(/(\w+): .*, \/\/ such as (.*)$/gm, '$1: $2,')
  expect(said).not.toMatch(/\/\/ (?:such as|\w+: .*,$)/m)
  expect(readConfig({}, await settingsOf(said))).toMatchObject({
    upstreams: {
      main: { key: 'sk-…', url: [{ url: 'http://localhost:8000/v1' }], dialect: { can: { prefill: 'vllm' } } },
    },
    aliases: { smart: 'deepseek-r1+ac@40' },
  })
})
