import { globSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { expect, test } from 'vitest'
import { bySteps } from '../../src/command/consequences.ts'
import type { Finding } from '../../src/command/finding.ts'
import { command } from '../helpers/command.ts'
import { gate, startUpstream } from '../helpers/upstream.ts'

type Examined = { answers: boolean; findings: Finding[]; recipes: Finding[] }

async function doctor(url: string, ...words: string[]) {
  const { code, out } = await command(['doctor', '--json', '--upstream', url, ...words])
  const examined = JSON.parse(out) as Examined
  const of = (list: Finding[]) => Object.fromEntries(list.map((finding) => [finding.check, finding]))
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
  const { findings } = JSON.parse(out) as Examined
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

test('the strategies that go by steps are those that do', () => {
  const stepping = globSync('strategies/*.ts').filter((file) =>
    readFileSync(file, 'utf8').includes("from './parts/steps.ts'"),
  )
  expect([...bySteps].sort()).toEqual(stepping.map((file) => basename(file, '.ts')).sort())
})
