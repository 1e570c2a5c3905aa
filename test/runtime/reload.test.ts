import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { alone, command } from '../helpers/command.ts'
import { gate, startUpstream } from '../helpers/upstream.ts'
import { ask } from './proxy.ts'

let folder: string
let child: ChildProcess | undefined
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mull-reload-'))
})
afterEach(async () => {
  child?.kill('SIGKILL')
  await rm(folder, { recursive: true })
})

/** Mull in a folder with the configuration that it writes. */
async function mull(settings: object) {
  const write = (text: string) => writeFile(join(folder, 'mull.config.ts'), text)
  const say = (settings: object) =>
    write(`import { defineConfig } from 'mull/config'\nexport default defineConfig(${JSON.stringify(settings)})\n`)
  await say(settings)
  const started = spawn(process.execPath, [resolve('src/cli.ts')], {
    cwd: folder,
    env: { ...alone, PORT: '0' },
    stdio: 'pipe',
  })
  child = started
  let explained = ''
  started.stderr.on('data', (bytes) => {
    explained += bytes
  })
  let printed = ''
  started.stdout.on('data', (bytes) => {
    printed += bytes
  })
  await vi.waitFor(() => expect(printed).toContain('listens on'), 15_000)
  const url = /listens on (\S+)/.exec(printed)![1]!
  const post = async (body: object) =>
    (
      await fetch(`${url}/v1/chat/completions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
    ).text()
  const explains = (words: RegExp) => vi.waitFor(() => expect(explained).toMatch(words), 15_000)
  return { post, write, say, explains }
}

test('a changed file is answered by from then on, and what has begun ends as it began', async () => {
  const held = gate()
  await using before = await startUpstream(() => ({ text: 'old', holdAfter: { chunks: 1, gate: held } }))
  await using after = await startUpstream(() => ({ text: 'new' }))
  const { post, say, explains } = await mull({ upstreams: { main: { url: before.url } } })
  const streamed = [
    post({ ...ask('r1'), stream: true }),
    post({ ...ask('r1+sc@2'), stream: true }),
    post(ask('r1+sc@3')),
    post(ask('r1')),
  ]
  await before.until(({ inFlight }) => inFlight >= 4)

  await say({ upstreams: { main: { url: after.url } }, server: { port: 9999, host: '127.0.0.1' } })
  await explains(/The configuration is now as mull\.config\.ts says/)
  expect(await post(ask('r1'))).toContain('new')
  expect(await post(ask('r1+sc@2'))).toContain('new')

  held.open()
  for (const text of await Promise.all(streamed)) expect(text).toContain('old')
  expect(before.inFlight).toBe(0)
})

test('a broken file changes nothing, and says why', async () => {
  await using upstream = await startUpstream(() => ({ text: 'fine' }))
  const { post, write, say, explains } = await mull({ upstreams: { main: { url: upstream.url } } })
  await write('export default {')
  await explains(/The configuration stays as it was\. mull\.config\.ts, line 1, cannot be read/)
  await say({ upstreams: { main: { ur: upstream.url } } })
  await explains(
    /stays as it was\. The configuration is wrong:\n {2}upstreams\.main\.ur is not a setting\. Did you mean "url"\?/,
  )
  expect(await post(ask('r1'))).toContain('fine')
})

test('a port that changes is said to wait for the next start', async () => {
  await using upstream = await startUpstream()
  const { say, explains } = await mull({ upstreams: { main: { url: upstream.url } } })
  await say({ upstreams: { main: { url: upstream.url } }, server: { host: '127.0.0.2' } })
  await explains(/server\.host only when Mull is started again/)
})

test('the file that MULL_CONFIG names says where the model is, is given the environment, and is checked without being served', async () => {
  const file = join(folder, 'mine.ts')
  await writeFile(
    file,
    `import { defineConfig } from 'mull/config'
export default defineConfig((env) => ({ upstreams: { vllm: { url: env.VLLM } } }))`,
  )
  const { code, err } = await command(['serve', '--check'], { MULL_CONFIG: file, VLLM: 'http://127.0.0.1:1' })
  expect(code).toBe(0)
  expect(err).toBe('Upstream: http://127.0.0.1:1/v1 (as mine.ts says)\nThe configuration is right.\n')
})
