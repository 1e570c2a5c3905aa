import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { readConfig, type Settings } from '../../src/config/index.ts'
import { startNode } from '../../src/node.ts'
import { bundleWorker, startWorkerd } from '../helpers/workerd.ts'
import { fallbackTests } from './fallbacks.ts'
import { upstreamTests } from './upstreams.ts'

let folder: string
let script: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mull-upstreams-'))
  const settings = join(folder, 'mull.config.ts')
  await writeFile(settings, 'export default (env: { SETTINGS: string }) => JSON.parse(env.SETTINGS)')
  script = await bundleWorker('src/worker.ts', join(folder, 'worker.js'), settings)
})
afterAll(() => rm(folder, { recursive: true }))

const inWorkerd = (settings: Settings) => startWorkerd({ script, env: { SETTINGS: JSON.stringify(settings) } })

async function onNode(settings: Settings) {
  const { url, close } = await startNode(readConfig({ PORT: '0' }, settings))
  return { url, close: () => close(0) }
}

for (const tests of [upstreamTests, fallbackTests]) {
  tests('Node', onNode)
  tests('workerd', inWorkerd)
}
