import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startUpstream } from '../helpers/upstream.ts'
import { bundleWorker, startWorkerd } from '../helpers/workerd.ts'
import { ask } from './proxy.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mull-worker-config-'))
})
afterAll(() => rm(folder, { recursive: true }))

test('the Worker is built with mull.config.ts, is given its variables, and takes their word over it', async () => {
  await using upstream = await startUpstream(() => ({ text: '42' }))
  const settings = join(folder, 'mull.config.ts')
  await writeFile(
    settings,
    `import { defineConfig } from 'mull/config'
export default defineConfig(({ SECRET }) => ({
  upstreams: { main: { url: '${upstream.url}', key: SECRET } },
  aliases: { smart: 'r1+sc@2' },
  keys: ['overruled'],
}))`,
  )
  const script = await bundleWorker('src/worker.ts', join(folder, 'worker.js'), settings)
  await using worker = await startWorkerd({ script, env: { SECRET: 'sk-secret', MULL_API_KEYS: 'sk-client' } })
  const response = await fetch(`${worker.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: 'Bearer sk-client' },
    body: JSON.stringify(ask('smart')),
  })
  expect(await response.json()).toMatchObject({ mull: { recipe: 'r1+self-consistency@2' } })
  expect(upstream.asked[0]!.headers['authorization']).toBe('Bearer sk-secret')
})
