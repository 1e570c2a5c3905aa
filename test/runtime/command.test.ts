import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { afterEach, expect, test } from 'vitest'
import { gate, startUpstream } from '../helpers/upstream.ts'
import { ask } from './proxy.ts'

let child: ChildProcess | undefined
afterEach(() => {
  child?.kill('SIGKILL')
})

/** Runs the command; resolves when it has printed everything that it prints at its start. */
async function mull(env: Record<string, string>) {
  const { PATH = '' } = process.env
  child = spawn(process.execPath, ['src/cli.ts'], {
    env: { PATH, PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const exited = once(child, 'exit')
  let printed = ''
  for await (const bytes of child.stdout!.iterator({ destroyOnReturn: false })) {
    printed += bytes
    if (printed.includes('curl')) break
  }
  const url = /listens on (\S+)/.exec(printed)![1]!
  return { printed, url, child, exited }
}

test('with no configuration it says where it listens, that a simulation answers, and a line that works', async () => {
  const { printed, url } = await mull({})
  expect(printed).toContain('demo, a simulation')
  const [, body] = /-d '(.*)'/.exec(printed)!
  expect(printed).toContain(`curl ${url}/v1/chat/completions`)
  const response = await fetch(`${url}/v1/chat/completions`, { method: 'POST', body: body! })
  expect(response.status).toBe(200)
  expect(await response.json()).toMatchObject({ mull: { recipe: 'demo+self-consistency@16' } })
})

test('SIGTERM stops listening, finishes what runs, then exits', async () => {
  const held = gate()
  await using upstream = await startUpstream(() => ({ text: 'done', holdAfter: { chunks: 2, gate: held } }))
  const { url, child, exited } = await mull({ UPSTREAM_BASE_URL: upstream.url })
  const post = (body: object) => fetch(`${url}/v1/chat/completions`, { method: 'POST', body: JSON.stringify(body) })
  const relayed = post({ ...ask('r1'), stream: true })
  const searched = post({ ...ask('r1+sc@2'), stream: true })
  const replies = await Promise.all([relayed, searched])
  await upstream.until(({ inFlight }) => inFlight >= 2)
  child.kill('SIGTERM')
  // Nothing tells from outside when it stopped listening, so it is asked until it no longer answers.
  while (
    await fetch(`${url}/health`).then(
      () => true,
      () => false,
    )
  );
  held.open()
  for (const reply of replies) expect(await reply.text()).toMatch(/data: \[DONE\]\s*$/)
  expect(await exited).toEqual([0, null])
})

test('a wrong variable stops it with a sentence that names it', async () => {
  const env = { UPSTREAM_BASE_URL: 'localhost:8000', UPSTREAM_CONCURRENCY: 'many' }
  child = spawn(process.execPath, ['src/cli.ts'], { env: { PATH: process.env['PATH']!, ...env }, stdio: 'pipe' })
  const exited = once(child, 'exit')
  const complaint = await text(child.stderr!)
  expect(await exited).toEqual([1, null])
  expect(complaint).toMatch(/UPSTREAM_BASE_URL is "localhost:8000"/)
  expect(complaint).toMatch(/UPSTREAM_CONCURRENCY is "many"/)
  expect(complaint).not.toMatch(/at .*\.ts/)
})
