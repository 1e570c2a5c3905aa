import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { command } from '../helpers/command.ts'
import { startServe } from '../helpers/serve.ts'
import { startUpstream } from '../helpers/upstream.ts'
import { bundleWorker, startWorkerd } from '../helpers/workerd.ts'
import { ask } from './proxy.ts'

const settings = resolve('examples/custom-strategy/mull.config.ts')

vi.setConfig({ testTimeout: 60_000 })

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mull-own-'))
})
afterAll(() => rm(folder, { recursive: true }))

describe.each([
  { runtime: 'Node', start: (env: Record<string, string>) => startServe({ ...env, MULL_CONFIG: settings }) },
  {
    runtime: 'Workers',
    start: async (env: Record<string, string>) =>
      startWorkerd({ script: await bundleWorker('src/worker.ts', join(folder, 'worker.js'), settings), env }),
  },
])('a strategy and a scorer of a package, on $runtime', ({ start }) => {
  test('are in the lists and in recipes', async () => {
    await using upstream = await startUpstream(() => ({ text: 'It is 42.' }))
    upstream.models = ['tiny-r1']
    await using mull = await start({ UPSTREAM_BASE_URL: upstream.url })
    const get = async (path: string) => (await (await fetch(`${mull.url}${path}`)).json()) as { data: { id: string }[] }
    const idsAt = async (path: string) => (await get(path)).data.map(({ id }) => id)
    expect(await idsAt('/v1/strategies')).toEqual(expect.arrayContaining(['second-opinion', 'brevity', 'auto']))
    expect(await idsAt('/v1/models')).toEqual(expect.arrayContaining(['careful', 'tiny-r1+second-opinion']))

    const post = async (model: string) => {
      const response = await fetch(`${mull.url}/v1/chat/completions`, {
        method: 'POST',
        body: JSON.stringify(ask(model)),
      })
      return { status: response.status, body: await response.json() }
    }
    expect(await post('careful')).toMatchObject({ body: { mull: { recipe: 'tiny-r1+second-opinion' } } })
    expect(await post('tiny-r1+so@3')).toMatchObject({ body: { mull: { recipe: 'tiny-r1+second-opinion@3' } } })
    const scored = await post('tiny-r1+bon@2(scorer=brevity(words=2))')
    expect(JSON.stringify(scored.body)).toContain('scored')
    expect(await post('tiny-r1+bon@2(scorer=brevity(words=0))')).toMatchObject({ status: 400 })
  })
})

test('`mull strategies` tells of them', async () => {
  const { out, code } = await command(['strategies', 'so', '--config', settings])
  expect(code).toBe(0)
  expect(out).toContain('second-opinion (so)')
})
