import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { configFile, settingsIn } from '../../src/node/config-file.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mull-config-'))
})
afterAll(() => rm(folder, { recursive: true }))

const written = async (name: string, text: string) => {
  const file = join(folder, name)
  await writeFile(file, text)
  return file
}

test.each([
  ['a.json', '{ "limits": { "calls": 3 } }'],
  ['a.mjs', 'export default { limits: { calls: 3 } }'],
  ['a.ts', 'export default { limits: { calls: 3 as number } }'],
  ['b.ts', 'export default (env: any) => ({ limits: { calls: Number(env.CALLS) } })'],
])('%s is read', async (name, text) => {
  expect(await settingsIn(await written(name, text), { CALLS: '3' })).toEqual({ limits: { calls: 3 } })
})

test('a file is read anew each time', async () => {
  const file = await written('again.mjs', 'export default { think: "none" }')
  expect(await settingsIn(file, {})).toEqual({ think: 'none' })
  await written('again.mjs', 'export default { think: "tags" }')
  expect(await settingsIn(file, {})).toEqual({ think: 'tags' })
})

test.each([
  ['broken.json', '{', /^broken\.json cannot be read: /],
  ['broken.ts', 'export default {', /^broken\.ts(, line 1,)? cannot be read: /],
  ['empty.ts', '', /^empty\.ts cannot be read: it has no default export/],
  ['throws.mjs', 'throw new Error("no secret")', /^throws\.mjs, line 1, cannot be read: no secret/],
  ['wrong.ts', 'export default {\n  cache: { mode }\n  store: {},\n}', /^wrong\.ts, line 3, cannot be read: /],
])('%s is named with what is wrong', async (name, text, message) => {
  await expect(settingsIn(await written(name, text), {})).rejects.toThrow(message)
})

test('the file that is asked for must be there; the flag wins over the variable', async () => {
  const file = await written('mine.json', '{}')
  expect(configFile({ config: file }, { MULL_CONFIG: '/nowhere.json' })).toBe(file)
  expect(configFile({}, { MULL_CONFIG: file })).toBe(file)
  expect(() => configFile({}, { MULL_CONFIG: '/nowhere.json' })).toThrow('no configuration file at /nowhere.json')
})
