import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import OpenAI from 'openai'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { hasRedis, type RedisServer, startRedis } from '../helpers/redis.ts'
import { startServe } from '../helpers/serve.ts'
import { gate, startUpstream, type Upstream } from '../helpers/upstream.ts'
import { ask, bluntly } from './proxy.ts'
import { suite } from './suite.ts'

/** How each runs a file. */
const runtimes = { bun: ['bun'], deno: ['deno', 'run', '-A'] } as const

for (const [name, runtime] of Object.entries(runtimes)) {
  if (spawnSync(runtime[0], ['--version']).status === 0) {
    suite(name, (env) => startServe(env, [], runtime))
    describe.skipIf(!hasRedis)(`${name}, with a configuration file and redis-server`, () => gatewayTests(runtime))
  } else test.skip(`${name} is not on this machine`)
}

const key = 'sk-client'

/** What a process does that is configured by a file, from its start to its end. */
function gatewayTests(runtime: readonly [string, ...string[]]): void {
  let folder: string
  let file: string
  let upstream: Upstream
  let redis: RedisServer
  let mull: Awaited<ReturnType<typeof startServe>>

  const settings = (more = '') =>
    writeFile(
      file,
      `import { defineConfig } from 'mull/config'
import { strategy } from 'mull/core'
const about = { does: 'It answers.', source: '(me, 2026)', aliases: [], calls: '1', depth: '1' }
export default defineConfig(() => ({
  upstreams: { main: { url: '${upstream.url}', backoff: 1 } },
  keys: [{ name: 'one', key: '${key}', requestsPerMinute: 1000, tokensPerMinute: 1e6, spendPerDay: 100 }],
  prices: { '*': { input: 1, output: 2 } },
  store: { redis: '${redis.url}' },
  cache: { mode: 'on' },
  traces: { keep: 'full' },
  logs: { format: 'json' },
  strategies: [strategy('mine', about, {}, async (run) => run.answer())],
  ${more}
}))`,
    )

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mull-runtime-'))
    file = join(folder, 'mull.config.ts')
    ;[upstream, redis] = await Promise.all([startUpstream(), startRedis()])
    await settings()
    mull = await startServe({ HOME: folder }, ['--config', file], runtime)
  }, 60_000)
  beforeEach(() => {
    upstream.reply(() => ({ text: 'ok' }))
    upstream.asked.length = 0
    upstream.left = 0
  })
  afterAll(async () => {
    await mull?.close()
    await Promise.all([upstream?.close(), redis?.close()])
    await rm(folder, { recursive: true })
  })

  const client = () => new OpenAI({ baseURL: `${mull.url}/v1`, apiKey: key, maxRetries: 0 })
  const get = (path: string) => fetch(`${mull.url}${path}`, { headers: { authorization: `Bearer ${key}` } })

  test('keys, limits and what is left, in Redis', async () => {
    const { response } = await client().chat.completions.create(ask('r1+sc@2', 'limits')).withResponse()
    expect(response.headers.get('x-ratelimit-limit-requests')).toBe('1000')
    expect(await (await get('/v1/key')).json()).toMatchObject({ name: 'one', limits: [{}, {}, { name: 'spend' }] })
    expect((await fetch(`${mull.url}/v1/models`)).status).toBe(401)
  })

  test('a strategy of the configuration’s own', async () => {
    const { choices } = await client().chat.completions.create(ask('r1+mine', 'my own'))
    expect(choices[0]!.message.content).toBe('ok')
  })

  test('what is remembered, in Redis', async () => {
    const body = ask('r1+sc@2', 'remember')
    const statuses = []
    for (let time = 0; time < 2; time++) {
      const { response } = await client().chat.completions.create(body).withResponse()
      statuses.push(response.headers.get('x-mull-cache'))
    }
    expect(statuses).toEqual(['miss', 'hit'])
  })

  test('metrics, traces, the page', async () => {
    await client().chat.completions.create(ask('r1+sc@2', 'seen'))
    expect(await (await get('/metrics')).text()).toMatch(/mull_requests_total\{.*\} \d/)
    const { data } = (await (await get('/v1/traces')).json()) as { data: unknown[] }
    expect(data.length).toBeGreaterThan(0)
    expect((await fetch(mull.url)).status).toBe(existsSync('dist/page') ? 200 : 404)
  })

  test.each([
    ['r1', true],
    ['r1', false],
    ['r1+sc@4', true],
    ['r1+sc@4', false],
  ])('a client that leaves %s cancels what it caused (stream: %s)', async (model, stream) => {
    const never = gate()
    upstream.reply(({ json }) => ({
      choices: Array.from({ length: json?.n ?? 1 }, () => ({ text: 'a long story' })),
      ...(stream ? { holdAfter: { chunks: 2, gate: never } } : { hold: never }),
    }))
    const socket = bluntly(mull, { ...ask(model, `leaving ${model}`), stream }, key)
    await upstream.until(({ inFlight }) => inFlight > 0)
    if (stream) await once(socket, 'data')
    socket.resetAndDestroy()
    await upstream.until(({ inFlight }) => inFlight === 0)
  })

  test('a configuration that changes', async () => {
    await settings(`aliases: { smart: 'r1+sc@2' },`)
    const told = (sentence: string) => expect.poll(() => mull.said().includes(sentence), { timeout: 15_000 }).toBe(true)
    await told('The configuration is now as mull.config.ts says.')
    const { response } = await client().chat.completions.create(ask('smart', 'changed')).withResponse()
    expect(response.headers.get('x-mull-recipe')).toBe('r1+self-consistency@2')
    await settings('limits: { calls: -1 },')
    await told('limits.calls')
  })

  test('SIGTERM, which lets what runs finish', async () => {
    const held = gate()
    upstream.reply(() => ({ text: 'late', hold: held }))
    const running = client().chat.completions.create(ask('r1+sc@2', 'the end'))
    await upstream.until(({ inFlight }) => inFlight > 0)
    mull.child.kill('SIGTERM')
    await expect
      .poll(
        () =>
          fetch(`${mull.url}/health`).then(
            () => true,
            () => false,
          ),
        { timeout: 10_000 },
      )
      .toBe(false)
    // In this time connections that are idle are looked for, and closed, a few times.
    await new Promise((resolve) => setTimeout(resolve, 200))
    held.open()
    expect((await running).choices[0]!.message.content).toBe('late')
    const [code] = mull.child.exitCode === null ? await once(mull.child, 'exit') : [mull.child.exitCode]
    expect(code).toBe(0)
  })
}
