import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { afterEach, describe, expect, test } from 'vitest'
import { alone, command } from '../helpers/command.ts'
import { gate, startUpstream } from '../helpers/upstream.ts'
import { ask } from './proxy.ts'

let child: ChildProcess | undefined
afterEach(() => {
  child?.kill('SIGKILL')
})

/** Runs the command; resolves when it has printed everything that it prints at its start. */
async function mull(env: Record<string, string>, ...args: string[]) {
  child = spawn(process.execPath, ['src/cli.ts', ...args], {
    env: { ...alone, PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const exited = once(child, 'exit')
  const explained = text(child.stderr!)
  let printed = ''
  for await (const bytes of child.stdout!.iterator({ destroyOnReturn: false })) {
    printed += bytes
    if (printed.includes('curl')) break
  }
  const url = /listens on (\S+)/.exec(printed)![1]!
  return { printed, explained, url, child, exited }
}

test('with no configuration it says where it listens, that tiny-r1 answers, and a line that works', async () => {
  const { printed, explained, url, child } = await mull({})
  const [, body] = /-d '(.*)'/.exec(printed)!
  expect(printed).toContain(`curl ${url}/v1/chat/completions`)
  const response = await fetch(`${url}/v1/chat/completions`, { method: 'POST', body: body! })
  expect(response.status).toBe(200)
  expect(await response.json()).toMatchObject({ mull: { recipe: 'tiny-r1+self-consistency@16' } })
  child.kill('SIGKILL')
  expect(await explained).toMatch(/^Upstream: tiny-r1, .*nothing is configured/)
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
  const env = { UPSTREAM_BASE_URL: 'localhost:8000', UPSTREAM_CONCURRENCY: 'many', MULL_SEARCH: 'perhaps' }
  const { code, err } = await command([], env)
  expect(code).toBe(1)
  expect(err).toMatch(/UPSTREAM_BASE_URL is "localhost:8000"/)
  expect(err).toMatch(/UPSTREAM_CONCURRENCY is "many"/)
  expect(err).toMatch(/MULL_SEARCH is "perhaps": true, false, or ports/)
  expect(err).not.toMatch(/at .*\.ts/)
})

describe('where the model is:', () => {
  const on = (upstream: { url: string }) => new URL(upstream.url).port

  test('a server on this machine that lists models is found, the first of those that do, and gets no key', async () => {
    await using web = await startUpstream()
    await using without = await startUpstream()
    await using first = await startUpstream()
    await using second = await startUpstream()
    web.routes['GET /v1/models'] = { chunks: ['<html>'] }
    without.models = []
    const ports = [web, without, first, second].map(on).join()
    const { out, err } = await command(['models'], { MULL_SEARCH: ports, UPSTREAM_API_KEY: 'sk-of-somebody-else' })
    expect(out).toMatch(/^r1 /m)
    expect(err).toMatch(`http://127.0.0.1:${on(first)}/v1 (A server was found there, with 2 models; so was A server`)
    expect(err).toContain(`--upstream http://127.0.0.1:${on(second)}/v1`)
    for (const { asked } of [web, without, first, second])
      for (const { headers } of asked) expect(headers['authorization']).toBeUndefined()
  })

  test.each([
    ['--no-search', ['--no-search'], {}],
    ['a configured upstream', [], { UPSTREAM_BASE_URL: 'http://127.0.0.1:1/v1' }],
    ['--upstream', ['--upstream', 'http://127.0.0.1:1/v1'], {}],
  ])('nothing is searched for with %s', async (_, flags, env) => {
    await using upstream = await startUpstream()
    await command(['models', ...flags], { MULL_SEARCH: on(upstream), ...env })
    expect(upstream.asked).toEqual([])
  })

  test('a server without a model is named, and tiny-r1 answers', async () => {
    await using upstream = await startUpstream()
    upstream.models = []
    const { out, err } = await command(['models'], { MULL_SEARCH: on(upstream) })
    expect(out).toContain('tiny-r1')
    expect(err).toContain(`A server at ${upstream.url} has none yet`)
  })

  test('--upstream takes a bare host, and goes before the environment, whose key stays with its own server', async () => {
    await using upstream = await startUpstream()
    const env = { UPSTREAM_BASE_URL: 'http://127.0.0.1:1/v1', UPSTREAM_API_KEY: 'sk-theirs' }
    const { code, err } = await command(['models', '--upstream', `127.0.0.1:${on(upstream)}`], env)
    expect(code).toBe(0)
    expect(err).toContain(`Upstream: ${upstream.url} (as --upstream says)`)
    await command(['models', '--upstream', upstream.url, '--key', 'sk-ours'], env)
    expect(upstream.asked.map(({ headers }) => headers['authorization'])).toEqual([undefined, 'Bearer sk-ours'])
  })
})

describe('what is not understood', () => {
  test.each([
    [['aks'], "unknown command 'aks'", 'Did you mean ask?'],
    [['large'], "unknown command 'large'", 'mull --help'],
    [['ask', 'why', '--modle', 'r1'], "unknown option '--modle'", 'Did you mean --model?'],
    [['--prot', '1'], "unknown option '--prot'", 'Did you mean --port?'],
    [['--port', 'many'], 'from 0 to 65535', 'mull --help'],
    [['ask', 'why', '--upstream', 'http://['], 'no address', 'mull --help'],
    [
      ['strategies', 'self-consistancy'],
      'no strategy or scorer "self-consistancy"',
      'Did you mean "self-consistency"?',
    ],
    [['ask'], 'There is no question', 'mull --help'],
  ])('%j is named, with the nearest that is, and exits with 2', async (words, complaint, help) => {
    const { code, out, err } = await command(words)
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toContain(complaint)
    expect(err).toContain(help)
  })

  test('each command teaches by example', async () => {
    const { out } = await command(['--help'])
    const commands = [...out.matchAll(/^ {2}(\w+) \[/gm)].map(([, name]) => name!).filter((name) => name !== 'help')
    expect(commands).toEqual(['serve', 'ask', 'eval', 'export', 'models', 'strategies', 'doctor', 'key', 'tiny'])
    const helps = await Promise.all(commands.map((name) => command([name, '--help'])))
    for (const { code, out } of helps) {
      expect(code).toBe(0)
      expect(out).toMatch(/Examples:\n {2}/)
    }
  }, 60_000)
})
