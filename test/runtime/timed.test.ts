import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { gate, startUpstream, type Upstream } from '../helpers/upstream.ts'
import { bundleWorker, startWorkerd, type Workerd } from '../helpers/workerd.ts'

let folder: string
let upstream: Upstream
let worker: Workerd
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mull-timed-'))
  upstream = await startUpstream()
  const env = { UPSTREAM_BASE_URL: upstream.url, UPSTREAM_TIMEOUT_MS: '1000', UPSTREAM_IDLE_MS: '100' }
  worker = await startWorkerd({ script: await bundleWorker('src/worker.ts', join(folder, 'worker.js')), env })
}, 60_000)
afterAll(async () => {
  await worker?.close()
  await upstream?.close()
  await rm(folder, { recursive: true })
})

const post = () =>
  fetch(`${worker.url}/v1/chat/completions`, { method: 'POST', body: '{"model":"m","stream":true,"messages":[]}' })

test('a Worker that is told how long an upstream may take holds it to that in a relay', async () => {
  upstream.reply(() => ({ text: 'late', hold: gate() }))
  const late = await post()
  expect(late.status).toBe(504)
  expect(await late.json()).toMatchObject({ error: { code: 'upstream_timeout' } })
  upstream.reply(() => ({ text: 'a long answer', holdAfter: { chunks: 2, gate: gate() } }))
  await expect((await post()).text()).rejects.toThrow()
  await upstream.until(({ inFlight, left }) => inFlight === 0 && left === 2)
})
