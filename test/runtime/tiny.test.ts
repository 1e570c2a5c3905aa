import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { readConfig } from '../../src/config/index.ts'
import type { Listening } from '../../src/node/listen.ts'
import { startNode, startTiny } from '../../src/node.ts'
import { Network } from '../../src/upstream/tiny/network.ts'
import { bundleWorker, startWorkerd, type Workerd } from '../helpers/workerd.ts'

const messages = [{ role: 'user', content: 'What is 37 × 48 + 125?' }]
const config = readConfig({ PORT: '0' })

type Reply = {
  choices: { message: { content: string }; logprobs: { content: { token: string; logprob: number }[] } | null }[]
  usage: { completion_tokens: number }
  mull?: { recipe: string; calls: number; votes: { answer: string; count: number }[] }
}

const post = (url: string, fields: object, signal: AbortSignal | null = null) =>
  fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    body: JSON.stringify({ model: 'tiny-r1', messages, ...fields }),
    signal,
  })
const ask = async (url: string, fields: object) => (await (await post(url, fields)).json()) as Reply

let alone: Listening
let proxy: Listening
beforeAll(async () => {
  ;[alone, proxy] = await Promise.all([startTiny(config), startNode(config)])
})
afterAll(() => Promise.all([alone.close(0), proxy.close(0)]))

describe('through the proxy', () => {
  test('a plain request is handed through: n, logprobs, seed and all', async () => {
    const fields = { n: 3, seed: 1, logprobs: true, top_logprobs: 2, max_tokens: 30 }
    expect((await ask(proxy.url, fields)).choices).toEqual((await ask(alone.url, fields)).choices)
  })

  test('a vote of sixteen is one reply, its thinking apart from its answer', async () => {
    const reply = await ask(proxy.url, { model: 'tiny-r1+self-consistency@16', seed: 1 })
    expect(reply.mull).toMatchObject({ recipe: 'tiny-r1+self-consistency@16', calls: 16 })
    const [{ message }] = reply.choices as [Reply['choices'][0]]
    expect(message.content).not.toMatch(/think>/)
    expect(message).toHaveProperty('reasoning_content', expect.stringContaining('Votes:'))
  })

  test('it is listed, and with each strategy', async () => {
    const { data } = (await (await fetch(`${proxy.url}/v1/models`)).json()) as { data: { id: string }[] }
    expect(data.map(({ id }) => id)).toEqual(expect.arrayContaining(['tiny-r1', 'tiny-r1+self-consistency']))
  })
})

describe.each([
  { form: 'a reply in one piece', stream: false },
  { form: 'a stream', stream: true },
])('a client that leaves $form', ({ stream }) => {
  test('stops the work', async () => {
    const step = vi.spyOn(Network.prototype, 'step')
    const whole = await count(() => ask(alone.url, { n: 128, seed: 2 }))
    const left = await count(async () => {
      const leaving = new AbortController()
      const begun = new Promise((resolve) => step.mockImplementationOnce(resolve as never))
      const reply = post(alone.url, { n: 128, seed: 2, stream }, leaving.signal).then((response) => response.text())
      await begun
      leaving.abort()
      await expect(reply).rejects.toThrow()
      await ask(alone.url, { max_tokens: 20 })
    })
    step.mockRestore()
    expect(left).toBeLessThan(whole / 2)

    async function count(work: () => Promise<unknown>): Promise<number> {
      step.mockClear()
      await work()
      return step.mock.calls.length
    }
  })
})

describe('in workerd', () => {
  let worker: Workerd
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mull-tiny-'))
    worker = await startWorkerd({
      script: await bundleWorker('src/worker-tiny.ts', join(folder, 'worker.js')),
      env: {},
    })
  })
  afterAll(() => Promise.all([worker.close(), rm(folder, { recursive: true })]))

  test('the Worker built with tiny-r1 says what Node says', async () => {
    const fields = { temperature: 0, max_tokens: 60 }
    const [here, there] = await Promise.all([alone, worker].map(({ url }) => ask(url, fields)))
    expect(there!.choices).toEqual(here!.choices)
  })

  test('it draws, votes and streams', async () => {
    const reply = await ask(worker.url, { model: 'tiny-r1+sc@8', seed: 3 })
    expect(reply.mull).toMatchObject({ calls: 8 })
    const streamed = await post(worker.url, { model: 'tiny-r1+sc@8', seed: 3, stream: true })
    expect(await streamed.text()).toMatch(/data: \[DONE\]\s*$/)
  })
})
