import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { gate, type Upstream } from '../helpers/upstream.ts'
import { bundleWorker, startWorkerd } from '../helpers/workerd.ts'
import { ask, bluntly, stage } from './proxy.ts'

const on = stage(async (env) => {
  const folder = await mkdtemp(join(tmpdir(), 'mull-shards-'))
  const script = await bundleWorker('test/helpers/counted-worker.ts', join(folder, 'worker.js'))
  const worker = await startWorkerd({ script, env })
  return { url: worker.url, close: () => Promise.all([worker.close(), rm(folder, { recursive: true })]) }
})

/** The upstream takes no `n`, so that 64 samples are 64 calls. */
const refused = { status: 400, error: { message: 'n must be 1' } }
const singles = ({ asked }: Upstream) => asked.filter(({ json }) => json?.messages && (json.n ?? 1) === 1)
const allThere = (upstream: Upstream) => upstream.inFlight === 64 && singles(upstream).length === 64

test('64 calls of one request wait for their headers at once, six from each invocation', async () => {
  const all = gate()
  on.upstream.reply(({ json }) => ((json?.n ?? 1) > 1 ? refused : { text: '\\boxed{42}', hold: all }))
  const answer = on.client.chat.completions.create(ask('wide+sc@64'))
  await on.upstream.until(allThere)
  const invocations = Map.groupBy(singles(on.upstream), ({ headers }) => headers['invocation'])
  expect([...invocations.values()].map(({ length }) => length)).toEqual([...Array(10).fill(6), 4])
  all.open()
  expect((await answer).choices[0]!.message.content).toBe('\\boxed{42}')
  expect(await answer).toMatchObject({ mull: { calls: 64, samples: { failed: 0 } } })
})

test('a client that leaves ends the calls of every invocation, whether their replies have begun or not', async () => {
  const never = gate()
  let call = 0
  on.upstream.reply(({ json }) => {
    if ((json?.n ?? 1) > 1) return refused
    return { text: 'x'.repeat(50), ...(call++ % 2 ? { holdAfter: { chunks: 3, gate: never } } : { hold: never }) }
  })
  const socket = bluntly(on, ask('wide+sc@64'))
  await on.upstream.until(allThere)
  socket.resetAndDestroy()
  await on.upstream.until(({ inFlight }) => inFlight === 0)
  expect(on.upstream.left).toBe(64)
})

test('a deadline ends them, too, and answers with what has come from everywhere', async () => {
  const never = gate()
  let call = 0
  on.upstream.reply(({ json }) => {
    if ((json?.n ?? 1) > 1) return refused
    return { text: '\\boxed{42}', ...(call++ < 32 ? {} : { hold: never }) }
  })
  const response = await on.post({ ...ask('wide+sc@64'), mull: { deadline: '2s' } })
  expect(await response.json()).toMatchObject({
    choices: [{ message: { content: '\\boxed{42}' } }],
    mull: { ended_by: 'deadline', samples: { asked: 64, done: 32, cancelled: 32 } },
  })
  await on.upstream.until(({ inFlight }) => inFlight === 0)
})
