import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readConfig } from '../../src/config/index.ts'
import type { Watcher } from '../../src/http/watching/watch.ts'
import { startNode } from '../../src/node.ts'
import { bundleWorker, startWorkerd } from '../helpers/workerd.ts'
import type { Start } from './proxy.ts'

/** Starts Mull on Node, perhaps with somebody who watches. */
export const onNode =
  (watchersOf: (env: Record<string, string>) => readonly Watcher[] = () => []): Start =>
  async (env) => {
    const { url, close } = await startNode(readConfig({ PORT: '0', ...env }), watchersOf(env))
    return { url, close: () => close(0) }
  }

/** Starts a Worker in workerd, the one that is deployed with its Durable Objects. */
export const onWorkerd =
  (entry = 'src/worker.ts'): Start =>
  async (env) => {
    const folder = await mkdtemp(join(tmpdir(), 'mull-worker-'))
    const script = await bundleWorker(entry, join(folder, 'worker.js'))
    const worker = await startWorkerd({ script, env, bound: entry === 'src/worker.ts' })
    return { url: worker.url, close: () => Promise.all([worker.close(), rm(folder, { recursive: true })]) }
  }
