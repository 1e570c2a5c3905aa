import { globSync, readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bySteps } from '../../src/command/consequences.ts'
import { doctor as addDoctor } from '../../src/command/doctor.ts'
import type { Finding } from '../../src/command/finding.ts'
import { command, inProcess } from '../helpers/command.ts'
import { gate, startUpstream } from '../helpers/upstream.ts'

type Examined = { name?: string; answers: boolean; findings: Finding[]; recipes: Finding[] }
type Told = { answers: boolean; upstreams: Examined[] }

const of = (list: Finding[]) => Object.fromEntries(list.map((finding) => [finding.check, finding]))

async function doctor(url: string, ...words: string[]) {
  const { code, out } = await command(['doctor', '--json', '--upstream', url, ...words])
  const examined = (JSON.parse(out) as Told).upstreams[0]!
  const all = [...examined.findings, ...examined.recipes]
  for (const { state, todo } of all) expect(todo === undefined).toBe(state === 'ok')
  return { code, answers: examined.answers, found: of(examined.findings), recipes: of(examined.recipes) }
}

test('sees what an upstream does, and asks it eight things at once', async () => {
  await using upstream = await startUpstream()
  const together = gate()
  let alone = 0
  upstream.reply(({ json }) => {
    const isOk = json!.messages![0]!.content === 'Say "ok".' && json!['max_tokens'] === 8 && !json!.stream
    if (isOk && ++alone > 1) {
      if (alone === 9) together.open()
      return { text: 'ok', hold: together }
    }
    if (json!['tools']) return { text: '', toolCalls: [{ id: 'c', name: 'ready', arguments: '{}' }] }
    return { choices: Array.from({ length: json!.n ?? 1 }, () => ({ text: '5', thinking: 'Two and three.' })) }
  })
  const { code, answers, found, recipes } = await doctor(upstream.url)
  expect({ code, answers }).toEqual({ code: 0, answers: true })
  expect(found).toMatchObject({
    reachable: { state: 'ok' },
    models: { state: 'ok', found: '2 models: r1, other' },
    key: { state: 'ok', found: 'none was sent, and none was asked for' },
    answers: { state: 'ok' },
    thinking: { state: 'ok', found: 'in the field reasoning_content' },
    n: { state: 'ok' },
    tools: { state: 'ok' },
    logprobs: { state: 'no' },
    prefill: { state: 'no' },
    'side by side': { state: 'ok' },
  })
  expect(upstream.peak).toBe(8)
  expect(recipes).toMatchObject({
    deepconf: { state: 'no', found: expect.stringContaining('is refused') },
    'budget-forcing': { state: 'no', todo: expect.stringContaining('UPSTREAM_CAN=prefill') },
    'beam-search': { state: 'no', found: expect.stringContaining('in words') },
    reward: { state: 'no', todo: expect.stringContaining('MULL_REWARD_URL') },
  })
})

test('an upstream that takes fewer at once is told apart', async () => {
  await using upstream = await startUpstream()
  let small = 0
  upstream.reply(({ json }) => {
    const isSmall = json!['max_tokens'] === 8 && !json!.stream
    if (isSmall && ++small > 6) return { status: 429, error: { message: 'Too many.' } }
    return { text: '<think>So.</think>5' }
  })
  const { code, found } = await doctor(upstream.url)
  expect(code).toBe(0)
  expect(found['thinking']!.found).toBe('between tags in the content')
  expect(found['side by side']).toMatchObject({ state: 'no', found: expect.stringContaining('3 of 8') })
  expect(found['side by side']!.todo).toMatch(/UPSTREAM_CONCURRENCY from 64 to 5/)
})

test('what UPSTREAM_CAN says is not asked for again', async () => {
  await using upstream = await startUpstream()
  const can = 'logprobs,prefill:vllm,-n,-effort,-tools'
  const { out } = await command(['doctor', '--json', '--upstream', upstream.url], { UPSTREAM_CAN: can })
  const { findings } = (JSON.parse(out) as Told).upstreams[0]!
  const states = Object.fromEntries(findings.map(({ check, state }) => [check, state]))
  expect(states).toMatchObject({ logprobs: 'ok', prefill: 'ok', n: 'no', effort: 'no', tools: 'no' })
  expect(upstream.asked.filter(({ json }) => json?.stream)).toEqual([])
})

test('says where it ends, and what to do', async () => {
  await using upstream = await startUpstream()
  const refusal = { status: 401, chunks: ['{"error": {"message": "Who are you?"}}'] }
  const unreachable = await doctor('http://127.0.0.1:1/v1')
  expect(unreachable).toMatchObject({ code: 1, answers: false, found: { reachable: { state: 'failed' } }, recipes: {} })

  upstream.routes['GET /v1/models'] = refusal
  const keyless = await doctor(upstream.url)
  expect(keyless).toMatchObject({
    code: 1,
    found: { key: { state: 'failed', todo: expect.stringContaining('--key') } },
  })
  expect(keyless.found['key']!.found).toContain('none was sent, and one is asked for (HTTP 401: Who are you?)')

  upstream.routes = {}
  upstream.reply(() => ({ status: 500, error: { message: 'Out of memory.' } }))
  const failing = await doctor(upstream.url, '-m', 'r2')
  expect(failing).toMatchObject({ code: 1, answers: false })
  expect(failing.found['models']).toMatchObject({ state: 'no', found: '"r2" is not among r1, other' })
  expect(failing.found['models']!.todo).toContain('Did you mean "r1"?')
  expect(failing.found['answers']!.found).toBe('HTTP 500: Out of memory.')
})

test('for people each finding is a line, with what to do beneath', async () => {
  const { code, out } = await command(['doctor', '--no-search'])
  expect(code).toBe(0)
  expect(out).toMatch(/^ok {6}reachable /m)
  expect(out).toMatch(/^no {6}tools .*\n {8}to do: /m)
  expect(out).toMatch(/^What that means for recipes:\n/m)
})

describe('of several upstreams', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mull-doctor-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  /** A configuration with these upstreams, of which nothing has to be probed. */
  async function configured(upstreams: Record<string, object>) {
    const can = { n: true, logprobs: false, prefill: false, effort: false, tools: true }
    const all = Object.entries(upstreams).map(([name, own]) => [name, { ...own, dialect: { can } }])
    const file = join(folder, 'mull.config.json')
    await writeFile(file, JSON.stringify({ upstreams: Object.fromEntries(all), aliases: { smart: 'r1+sc@2' } }))
    return (...words: string[]) =>
      inProcess(addDoctor, ['doctor', '--config', file, ...words], { UPSTREAM_BACKOFF_MS: '' })
  }

  test('each is examined with its own key, headers and models, and a fault is said of the one that has it', async () => {
    await using local = await startUpstream(() => ({ text: '5' }))
    await using hosted = await startUpstream(({ headers }) =>
      headers['authorization'] === 'Bearer sk-hosted' && headers['x-team'] === 'search'
        ? { text: '5' }
        : { status: 401, error: { message: 'Who are you?' } },
    )
    const doctor = await configured({
      local: { url: [local.url, 'http://127.0.0.1:1/v1'] },
      hosted: {
        url: hosted.url,
        key: 'sk-hosted',
        headers: { 'X-Team': 'search' },
        serves: { fast: 'other', big: 'gone' },
      },
      closed: { url: hosted.url, key: 'sk-wrong', serves: ['secret'] },
    })
    const { code, out } = await doctor('--json')
    const { answers, upstreams } = JSON.parse(out) as Told
    expect([code, answers]).toEqual([1, false])
    expect(upstreams.map(({ name, answers }) => [name, answers])).toEqual([
      ['local', true],
      ['hosted', true],
      ['closed', false],
    ])
    const [first, second, third] = upstreams.map(({ findings }) => findings)
    expect(first!.filter(({ check }) => check === 'reachable')).toMatchObject([
      { state: 'ok', found: expect.stringContaining(local.url) },
      {
        state: 'failed',
        found: expect.stringContaining('127.0.0.1:1'),
        todo: expect.stringContaining('upstreams.local.url'),
      },
    ])
    expect(of(second!)).toMatchObject({
      models: { state: 'no', found: '"gone" is not among r1, other' },
      answers: { state: 'ok', found: expect.stringMatching(/^other did/) },
      logprobs: { state: 'no' },
    })
    expect(of(third!)['key']).toMatchObject({
      state: 'failed',
      todo: 'set upstreams.closed.key to a key of this server',
    })
    expect(upstreams[1]!.recipes.find(({ check }) => check === 'deepconf')?.todo).toContain(
      'upstreams.hosted.dialect.can: { logprobs: true }',
    )
  })

  test('a replica that refuses its own key is told apart from the others', async () => {
    await using upstream = await startUpstream(({ headers }) =>
      headers['authorization'] === 'Bearer sk-right'
        ? { text: '5' }
        : { status: 401, error: { message: `Who is ${headers['authorization']}?` } },
    )
    const addresses = ['sk-right', 'sk-wrong'].map((key) => ({ url: upstream.url, key }))
    const doctor = await configured({ both: { url: addresses } })
    const { code, out } = await doctor('--json')
    const { answers, upstreams } = JSON.parse(out) as Told
    expect([code, answers]).toEqual([1, true])
    expect(out).toContain('Who is Bearer …?')
    expect(upstreams[0]!.findings.filter(({ check }) => check === 'key').map(({ state }) => state)).toEqual([
      'ok',
      'failed',
    ])
  })

  test('for people each has its part, and those without an answer are named at the end', async () => {
    await using local = await startUpstream(() => ({ text: '5' }))
    const doctor = await configured({
      local: { url: local.url },
      away: { url: 'http://127.0.0.1:1/v1', serves: ['x'] },
    })
    const { code, out } = await doctor()
    expect(code).toBe(1)
    expect(out).toMatch(/^local, http.*\nok {6}reachable /m)
    expect(out).toMatch(/^away, http:\/\/127.0.0.1:1\/v1\nfailed {2}reachable .*\n {8}to do: .*upstreams\.away\.url/m)
    expect(out.trimEnd()).toMatch(/\nOf 2 upstreams 1 gave no answer: away\.$/)
  })

  test('a model is looked for where it is served, by what it is called there', async () => {
    await using local = await startUpstream(() => ({ text: '5' }))
    await using hosted = await startUpstream(() => ({ text: '5' }))
    const doctor = await configured({
      local: { url: local.url, serves: ['r1'] },
      hosted: { url: hosted.url, serves: { 'gpt-*': 'o*' } },
    })
    const told = async (model: string) => {
      const { upstreams } = JSON.parse((await doctor('--json', '-m', model)).out) as Told
      return upstreams.map(({ name, findings }) => [name, of(findings)['answers']?.found.split(' ')[0]])
    }
    expect(await told('r1')).toEqual([['local', 'r1']])
    expect(await told('gpt-ther')).toEqual([['hosted', 'other']])
    expect(await told('local/other')).toEqual([['local', 'other']])
    const { code, err } = await doctor('-m', 'unknown')
    expect([code, err]).toEqual([1, expect.stringContaining('No upstream is said to serve "unknown"')])
  })
})

test('the strategies that go by steps are those that do', () => {
  const stepping = globSync('strategies/*.ts').filter((file) =>
    readFileSync(file, 'utf8').includes("from './parts/steps.ts'"),
  )
  expect([...bySteps].sort()).toEqual(stepping.map((file) => basename(file, '.ts')).sort())
})
