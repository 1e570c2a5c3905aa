import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { example } from '../../example.ts'
import { readConfig } from '../../src/config/index.ts'
import { settingsIn } from '../../src/node/config-file.ts'

const file = 'mull.config.example.ts'

test('the example is what `npm run docs` writes', async () => {
  expect(await readFile(file, 'utf8')).toBe(await example())
})

test('what it says is every default', async () => {
  expect(readConfig({}, await settingsIn(file, {}))).toEqual(readConfig({}))
})

test('what it has as comments can be said, too', async () => {
  const text = await readFile(file, 'utf8')
  const said = text
    .replaceAll(/^( *)\/\/ (\w+: .*,)$/gm, '$1$2')
    .replaceAll(/\w+: .*, \/\/ such as (.*)$/gm, (line, such) => line.replace(/: .*/, `: ${such},`))
  expect(said.match(/ \/\/ (?:such as|\w+: .*,$)/m)).toBeNull()
  const { default: settings } = await import(
    `data:text/javascript,${encodeURIComponent(said.replace(/^import.*/, 'const defineConfig = (it) => it'))}`
  )
  expect(readConfig({}, settings)).toMatchObject({
    upstreams: {
      main: { key: 'sk-…', url: [{ url: 'http://localhost:8000/v1' }], dialect: { can: { prefill: 'vllm' } } },
    },
    aliases: { smart: 'deepseek-r1+ac@40' },
  })
})
