import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bundleWorker, startWorkerd } from '../helpers/workerd.ts'
import { suite } from './suite.ts'

suite('workerd', async (env) => {
  const folder = await mkdtemp(join(tmpdir(), 'mull-worker-'))
  const worker = await startWorkerd({ script: await bundleWorker('src/worker.ts', join(folder, 'worker.js')), env })
  const close = () => Promise.all([worker.close(), rm(folder, { recursive: true })])
  return { url: worker.url, close }
})
