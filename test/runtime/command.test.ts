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
async function mull(env: Record<string, string>, ...args: string[]) {
  const { PATH = '' } = process.env
  child = spawn(process.execPath, ['src/cli.ts', ...args], {
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

test('with no configuration it says where it listens, that tiny-r1 answers, and a line that works', async () => {
  const { printed, url } = await mull({})
  expect(printed).toContain('tiny-r1, a small model')
  const [, body] = /-d '(.*)'/.exec(printed)!
  expect(printed).toContain(`curl ${url}/v1/chat/completions`)
  const response = await fetch(`${url}/v1/chat/completions`, { method: 'POST', body: body! })
  expect(response.status).toBe(200)
  expect(await response.json()).toMatchObject({ mull: { recipe: 'tiny-r1+self-consistency@16' } })
})

test('`mull tiny` serves the model alone: it lists itself, streams, and knows no recipes', async () => {
  const { printed, url } = await mull({}, 'tiny')
  const [, body] = /-d '(.*)'/.exec(printed)!
  const post = (fields: object) =>
    fetch(`${url}/v1/chat/completions`, { method: 'POST', body: JSON.stringify({ ...JSON.parse(body!), ...fields }) })
  expect(await (await fetch(`${url}/v1/models`)).json()).toMatchObject({ data: [{ id: 'tiny-r1' }] })
  const whole = (await (await post({ n: 2 })).json()) as { choices: { message: { content: string } }[] }
  expect(whole.choices).toHaveLength(2)
  for (const { message } of whole.choices) expect(message.content).toMatch(/^<think>/)
  expect(await (await post({ stream: true })).text()).toMatch(/data: \[DONE\]\s*$/)
  expect((await post({ model: 'tiny-r1+sc@16' })).status).toBe(404)
})

test('a command that is none is named, with those that are', async () => {
  child = spawn(process.execPath, ['src/cli.ts', 'large'], { env: { PATH: process.env['PATH']! }, stdio: 'pipe' })
  const exited = once(child, 'exit')
  const complaint = await text(child.stderr!)
  expect(await exited).toEqual([1, null])
  expect(complaint).toContain('There is no command "large"')
  expect(complaint).toContain('mull tiny')
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
