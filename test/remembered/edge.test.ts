import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Miniflare } from 'miniflare'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { gate, startUpstream, type Upstream } from '../helpers/upstream.ts'
import { bundleWorker } from '../helpers/workerd.ts'
import { ask } from '../runtime/proxy.ts'

type Report = { calls: number; banked?: number; votes: { count: number }[] }

let folder: string
let script: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mull-remembered-'))
  script = await readFile(await bundleWorker('src/worker.ts', join(folder, 'worker.js')), 'utf8')
}, 60_000)
afterAll(() => rm(folder, { recursive: true }))

const text = (value: string) => ({ type: 'text', value }) as const

describe.each([
  ['the Cache API', {}],
  ['KV', { MULL_KV: { type: 'kv' } }],
] as const)('a Worker with %s', (_, bindings) => {
  let upstream: Upstream
  let worker: Miniflare
  let url: string
  beforeAll(async () => {
    upstream = await startUpstream((_, index) => ({ text: `${index}` }))
    worker = new Miniflare({
      workers: [
        {
          config: {
            name: 'mull',
            compatibilityDate: '2026-11-01',
            compatibilityFlags: ['enable_request_signal'],
            manifest: {
              mainModule: 'worker.js',
              modulesRoot: '/',
              modules: { 'worker.js': { type: 'esm', contents: script } },
            },
            env: {
              MULL_BANK: text('on'),
              MULL_CACHE: text('asked'),
              UPSTREAM_BASE_URL: text(upstream.url),
              UPSTREAM_CAN: text('-n'),
              ...bindings,
            },
            exports: { MullState: { type: 'durable-object', storage: 'sqlite' } },
          },
        },
      ],
    })
    url = String(await worker.ready)
  }, 60_000)
  afterAll(async () => {
    await worker?.dispose()
    await upstream?.close()
  })

  const post = (n: number, question: string, more: object = {}, signal = AbortSignal.timeout(15_000)) =>
    fetch(`${url}v1/chat/completions`, {
      method: 'POST',
      body: JSON.stringify({ ...ask(`r1+sc@${n}`, question), ...more }),
      signal,
    })
  const vote = async (n: number, question: string) =>
    ((await (await post(n, question)).json()) as { mull: Report }).mull

  /** Samples are gathered for a second before they are written. Asks for one until there is one. */
  async function written(question: string): Promise<void> {
    await expect.poll(async () => (await vote(1, question)).banked, { timeout: 15_000, interval: 200 }).toBe(1)
  }

  /** Each sample is another answer here, so an answer with two votes would be one that was counted twice. */
  function expectOnce({ calls, banked = 0, votes }: Report, n: number, least: number): void {
    expect(banked).toBeGreaterThanOrEqual(least)
    expect(calls).toBe(n - banked)
    expect(votes.map(({ count }) => count)).toEqual(Array.from({ length: n }, () => 1))
  }

  test('draws only what is missing', async () => {
    expect(await vote(4, 'Who shares?')).toMatchObject({ calls: 4 })
    await written('Who shares?')
    expectOnce(await vote(16, 'Who shares?'), 16, 4)
  })

  test('gives an answer again', async () => {
    const asking = async () => (await post(2, 'Who repeats?', { mull: { cache: true } })).headers.get('x-mull-cache')
    expect(await asking()).toBe('miss')
    // It is written while the answer goes out.
    await expect.poll(asking, { timeout: 10_000 }).toBe('hit')
  })

  test('keeps what was drawn for a client that left', async () => {
    const never = gate()
    const chats = () => upstream.asked.filter(({ path }) => path === '/v1/chat/completions').length
    const fourth = chats() + 4
    upstream.reply((_, index) => ({ text: `${index}`, ...(index === fourth - 1 ? { hold: never } : {}) }))
    const left = new AbortController()
    const reply = await post(4, 'Who leaves?', { stream: true, mull: { think: 'reasoning' } }, left.signal)
    let told = ''
    const reading = async () => {
      for await (const bytes of reply.body!.pipeThrough(new TextDecoderStream())) {
        told += bytes
        if (told.match(/Sample \d+:/g)?.length === 3) left.abort()
      }
    }
    await expect(reading()).rejects.toThrow()
    await written('Who leaves?')
    expectOnce(await vote(8, 'Who leaves?'), 8, 3)
  })
})
