import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readConfig } from '../../src/config/index.ts'
import { connectRedis, disconnect } from '../../src/node/redis.ts'
import { startNode } from '../../src/node.ts'
import { hasRedis, type RedisServer, startRedis } from '../helpers/redis.ts'
import { startUpstream, type Upstream } from '../helpers/upstream.ts'
import { ask, inTurn } from '../runtime/proxy.ts'

type Reply = { mull: { calls: number; banked?: number }; choices: { message: { reasoning_content: string } }[] }

const vote = async (url: string, n: number, question: string): Promise<Reply> => {
  const body = JSON.stringify(ask(`r1+sc@${n}`, question))
  const reply = await fetch(`${url}/v1/chat/completions`, { method: 'POST', body, signal: AbortSignal.timeout(15_000) })
  return (await reply.json()) as Reply
}

describe.skipIf(!hasRedis)('with redis-server', () => {
  let redis: RedisServer
  let upstream: Upstream
  const children: ChildProcess[] = []
  const env = () => ({
    MULL_BANK: 'on',
    MULL_CACHE: 'asked',
    MULL_REDIS_URL: redis.url,
    UPSTREAM_BASE_URL: upstream.url,
    UPSTREAM_API_KEY: 'sk-up',
    PORT: '0',
  })

  /** A process of its own. */
  async function start(): Promise<{ url: string; kill(): Promise<void> }> {
    const child = spawn(process.execPath, ['src/cli.ts', 'serve'], {
      env: { ...process.env, ...env() },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    children.push(child)
    for await (const line of createInterface({ input: child.stdout! })) {
      const url = /listens on (\S+)/.exec(line)?.[1]
      if (!url) continue
      return {
        url,
        kill: async () => {
          const exited = once(child, 'exit')
          child.kill('SIGKILL')
          await exited
        },
      }
    }
    throw new Error('It ended before it listened.')
  }

  /** What is drawn last is still being written while the answer goes out. */
  async function written(samples: number): Promise<void> {
    const client = await connectRedis(redis.url, () => {})
    for (let found = 0; found < samples; ) {
      const lists = await client.keys('mull:bank:*')
      found = (await Promise.all(lists.map((list) => client.lLen(list)))).reduce((sum, length) => sum + length, 0)
    }
    await disconnect(client)
  }

  beforeAll(async () => {
    redis = await startRedis()
    upstream = await startUpstream(inTurn(...Array.from({ length: 64 }, (_, index) => `${index}`)))
  }, 30_000)
  afterAll(async () => {
    for (const child of children) child.kill('SIGKILL')
    await upstream?.close()
    await redis?.close()
  })

  test('what one process has drawn, another counts, even when the first was killed', async () => {
    const [one, other] = await Promise.all([start(), start()])
    expect((await vote(one.url, 16, 'Who shares?')).mull).toMatchObject({ calls: 16 })
    await written(16)
    await one.kill()
    expect((await vote(other.url, 32, 'Who shares?')).mull).toMatchObject({ calls: 16, banked: 16 })
  }, 60_000)

  test('what one process has answered, another answers again', async () => {
    const [one, other] = await Promise.all([1, 2].map(() => startNode(readConfig(env()))))
    try {
      const body = JSON.stringify({ ...ask('r1+sc@2', 'Who repeats?'), mull: { cache: true } })
      const asking = async (url: string) =>
        (await fetch(`${url}/v1/chat/completions`, { method: 'POST', body })).headers.get('x-mull-cache')
      expect(await asking(one!.url)).toBe('miss')
      // It is written while the answer goes out.
      await expect.poll(() => asking(other!.url), { timeout: 10_000 }).toBe('hit')
    } finally {
      await Promise.all([one, other].map((mull) => mull!.close(0)))
    }
  })

  test('a Redis that hangs or is gone costs no request more than half a second, and none its answer', async () => {
    const mull = await startNode(readConfig(env()))
    try {
      redis.sleep()
      const { mull: report, choices } = await vote(mull.url, 4, 'Who sleeps?')
      expect(report).toMatchObject({ calls: 4 })
      expect(choices[0]?.message.reasoning_content).toContain('The sample bank is out of reach')
      redis.wake()
      await redis.close()
      expect((await vote(mull.url, 4, 'Who is gone?')).mull).toMatchObject({ calls: 4 })
      const body = JSON.stringify({ ...ask('r1+sc@2', 'Who repeats?'), mull: { cache: true } })
      const reply = await fetch(`${mull.url}/v1/chat/completions`, { method: 'POST', body })
      expect([reply.status, reply.headers.get('x-mull-cache')]).toEqual([200, 'bypass'])
    } finally {
      await mull.close(0)
    }
  })
})
