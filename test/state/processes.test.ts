import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connectRedis } from '../../src/node/redis.ts'
import { hasRedis, type RedisServer, startRedis } from '../helpers/redis.ts'
import { gate, startUpstream, type Upstream } from '../helpers/upstream.ts'

/** A process of the command, on a port of its own. */
async function startProcess(env: Record<string, string>) {
  const child = spawn(process.execPath, ['src/cli.ts', '--no-search'], {
    env: { PATH: process.env['PATH'] ?? '', PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const exited = once(child, 'exit')
  let url = ''
  for await (const line of createInterface({ input: child.stdout })) {
    url = /listens on (\S+)/.exec(line)?.[1] ?? ''
    if (url) break
  }
  child.stdout.resume()
  const kill = async () => {
    child.kill('SIGKILL')
    await exited
  }
  return { url, kill }
}

describe.skipIf(!hasRedis)('two processes with one Redis', () => {
  let redis: RedisServer
  let upstream: Upstream
  const running: { url: string; kill(): Promise<void> }[] = []
  beforeAll(async () => {
    redis = await startRedis()
    upstream = await startUpstream()
    const env = {
      MULL_REDIS_URL: redis.url,
      UPSTREAM_BASE_URL: upstream.url,
      MULL_STORE_TIMEOUT_MS: '10000',
      MULL_API_KEYS: JSON.stringify([{ name: 'both', key: 'both', spendPerDay: 1 }]),
      MULL_PRICES: JSON.stringify({ r1: { input: 0, output: 1000 } }),
    }
    running.push(...(await Promise.all([startProcess(env), startProcess(env)])))
  }, 60_000)
  afterAll(async () => {
    for (const { kill } of running) await kill()
    await upstream?.close()
    await redis?.close()
  })

  test('spend one budget, and what one held that is killed is not spent', async () => {
    const [first, second] = [running[0]!, running[1]!]
    const headers = { authorization: 'Bearer both', 'content-type': 'application/json' }
    const ask = ({ url }: { url: string }, max_tokens: number) =>
      fetch(`${url}/v1/chat/completions`, {
        method: 'POST',
        headers,
        body: JSON.stringify({ model: 'r1', max_tokens, messages: [{ role: 'user', content: 'q' }] }),
      })
    const budget = async () => {
      const told = (await (await fetch(`${second.url}/v1/key`, { headers })).json()) as { limits: object[] }
      return told.limits[0]
    }
    upstream.reply(() => ({ text: 'ok', usage: { prompt_tokens: 1, completion_tokens: 100 } }))
    for (const server of [first, second]) expect((await ask(server, 100)).status).toBe(200)
    await expect.poll(budget, { timeout: 10_000 }).toMatchObject({ used: 0.2, held: 0 })

    upstream.reply(() => ({ text: 'ok', hold: gate() }))
    const lost = ask(first, 800).catch(() => 'lost')
    await expect.poll(budget, { timeout: 10_000 }).toMatchObject({ used: 0.2, held: 0.8 })
    expect((await ask(second, 100)).status).toBe(429)
    await first.kill()
    expect(await lost).toBe('lost')
    expect(await budget()).toMatchObject({ used: 0.2 })
    upstream.reply(() => ({ text: 'ok', usage: { prompt_tokens: 1, completion_tokens: 100 } }))
    // A minute in which nobody says that it is held still is over at once.
    const client = await connectRedis(redis.url, () => {})
    const held = await client.zRange('mull:{both}:until', 0, -1)
    expect(held).toHaveLength(1)
    await client.zAdd('mull:{both}:until', { score: 0, value: held[0]! })
    client.destroy()
    expect((await ask(second, 100)).status).toBe(200)
    await expect.poll(budget, { timeout: 10_000 }).toMatchObject({ used: 0.3, held: 0 })
  }, 60_000)
})
