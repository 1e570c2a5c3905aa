import { expect, test } from 'vitest'
import { readConfig } from '../../src/config/index.ts'
import { startNode } from '../../src/node.ts'
import { type Gate, gate } from '../helpers/upstream.ts'
import { ask, stage } from '../runtime/proxy.ts'

const mull = stage(
  async (env) => {
    const { url, close } = await startNode(readConfig({ PORT: '0', ...env }))
    return { url, close: () => close(0) }
  },
  {
    MULL_CACHE: 'on',
    MULL_LOG: 'off',
    MULL_API_KEYS: JSON.stringify([
      { name: 'one', key: 'sk-client' },
      { name: 'other', key: 'sk-other' },
      { name: 'paying', key: 'sk-paying', tokensPerMinute: 1_000_000 },
    ]),
  },
)

type Reply = {
  choices: { message: { content: string; reasoning_content?: string } }[]
  usage: { total_tokens: number }
  mull: { calls: number; agreement?: number; cost?: number; cache?: { took: { calls: number } } }
}

let questions = 0
const question = (more: object = {}) => ({ ...ask('r1+sc@4', `question ${++questions}`), ...more })

/** Its four samples differ, and so do those of another request. */
function holding(): Gate {
  const held = gate()
  let next = 0
  mull.upstream.reply(({ json }) => ({
    choices: Array.from({ length: json?.n ?? 1 }, () => ({ text: `answer ${next++}`, thinking: 'well' })),
    hold: held,
  }))
  return held
}

const post = async (body: object, headers: Record<string, string> = {}, signal?: AbortSignal) => {
  const response = await mull.post(body, headers, signal)
  return { status: response.status, cache: response.headers.get('x-mull-cache'), text: await response.text() }
}

/** What a stream says, in both of its parts. */
const heard = (text: string) => {
  const said = { thinking: '', content: '' }
  for (const [, data] of text.matchAll(/^data: (\{.*)$/gm)) {
    const delta = JSON.parse(data!).choices[0]?.delta ?? {}
    said.thinking += delta.reasoning_content ?? ''
    said.content += delta.content ?? ''
  }
  return said
}

const asksUpstream = () => mull.upstream.asked.filter(({ path }) => path === '/v1/chat/completions').length
const oneAsks = () => mull.upstream.until(({ inFlight }) => inFlight === 1)

test('equal requests at the same time are one run, and each has the whole answer in its own form', async () => {
  const held = holding()
  const body = question()
  const first = post(body)
  await oneAsks()
  const whole = Array.from({ length: 4 }, () => post(body))
  const streamed = await Promise.all(Array.from({ length: 4 }, () => mull.post({ ...body, stream: true })))
  expect(streamed.map(({ headers }) => headers.get('x-mull-cache'))).toEqual(Array(4).fill('joined'))
  held.open()
  const lead = JSON.parse((await first).text) as Reply
  expect([(await first).cache, lead.mull.calls]).toEqual(['miss', 4])
  for (const { status, cache, text } of await Promise.all(whole)) {
    // Nobody knows whether one came before the answer.
    expect([status, cache]).toEqual([200, expect.stringMatching(/joined|hit/)])
    const reply = JSON.parse(text) as Reply
    expect(reply.choices).toEqual(lead.choices)
    expect([reply.usage.total_tokens, reply.mull.calls, reply.mull.cost]).toEqual([0, 0, 0])
    expect([reply.mull.agreement, reply.mull.cache?.took.calls]).toEqual([lead.mull.agreement, 4])
  }
  const { content, reasoning_content: thinking } = lead.choices[0]!.message
  for (const text of await Promise.all(streamed.map((response) => response.text()))) {
    expect(heard(text)).toEqual({ content, thinking: expect.stringContaining(thinking!) })
    expect(text.trimEnd()).toMatch(/data: \[DONE\]$/)
  }
  expect((await post(body)).cache).toBe('hit')
  expect(asksUpstream()).toBe(1)
})

test('who joins late hears it from the beginning, at another door and in another form, too', async () => {
  const rest = gate()
  mull.upstream.reply(() => ({ text: 'a story in many pieces', thinking: 'hm', holdAfter: { chunks: 4, gate: rest } }))
  const body = { ...question(), model: 'other', temperature: 0, stream: true }
  const first = await mull.post(body)
  const reader = first.body!.getReader()
  const decoder = new TextDecoder()
  let told = ''
  while (heard(told).content === '') told += decoder.decode((await reader.read()).value, { stream: true })
  const input = body.messages[0]!.content
  const second = await mull.post(body)
  expect(second.headers.get('x-mull-cache')).toBe('joined')
  const others = [
    second.text().then((text) => ({ cache: 'joined', text })),
    post({ ...body, mull: { think: 'tags' } }),
    mull.post({ model: 'other', input, temperature: 0 }, {}, undefined, '/responses').then(async (response) => ({
      cache: response.headers.get('x-mull-cache'),
      text: await response.text(),
    })),
  ]
  rest.open()
  for (const { cache, text } of await Promise.all(others)) {
    expect(cache).toMatch(/joined|hit/)
    expect(text.startsWith('data:') ? heard(text).content : text).toContain('a story in many pieces')
  }
  expect(asksUpstream()).toBe(1)
  await reader.cancel()
})

test('the first may leave, and the others have their answer; it is kept', async () => {
  const held = holding()
  const body = question()
  const leaving = new AbortController()
  const first = post(body, {}, leaving.signal)
  await oneAsks()
  const second = await mull.post({ ...body, stream: true })
  expect(second.headers.get('x-mull-cache')).toBe('joined')
  leaving.abort()
  await expect(first).rejects.toThrow()
  // Whoever is answered now came after that.
  await fetch(`${mull.url}/health`)
  held.open()
  expect(heard(await second.text()).content).toMatch(/^answer \d$/)
  expect([asksUpstream(), mull.upstream.left]).toEqual([1, 0])
  expect((await post(body)).cache).toBe('hit')
})

test('when the last has left, it is cancelled, and who asks then begins anew', async () => {
  const held = holding()
  const body = question()
  const leaving = new AbortController()
  const first = post(body, {}, leaving.signal).catch(() => 'left')
  await oneAsks()
  const second = await mull.post({ ...body, stream: true })
  leaving.abort()
  await first
  expect(mull.upstream.left).toBe(0)
  await second.body!.cancel()
  await mull.upstream.until(({ inFlight, left }) => inFlight === 0 && left === 1)
  const again = post(body)
  await oneAsks()
  held.open()
  expect((await again).cache).toBe('miss')
})

test('a failure is everybody’s, and nobody’s later', async () => {
  const held = gate()
  mull.upstream.reply(() => ({ status: 400, error: { message: 'not today' }, hold: held }))
  const body = question()
  const first = post(body)
  await oneAsks()
  const second = await mull.post({ ...body, stream: true })
  held.open()
  const texts = [(await first).text, await second.text()]
  for (const text of texts) expect(text).toContain('not today')
  expect([(await first).status, texts[1]!.includes('[DONE]')]).toEqual([400, false])
  mull.upstream.reply(() => ({ text: 'fine' }))
  expect((await post(body)).cache).toBe('miss')
})

test.each<[string, object, Record<string, string>]>([
  ['asks anew', {}, { 'x-mull-cache': 'no-cache' }],
  ['wants nothing remembered', { mull: { cache: false } }, {}],
  ['has another key', {}, { authorization: 'Bearer sk-other' }],
  ['has another deadline', {}, { 'x-mull-deadline': '60s' }],
  ['asks something else', { top_p: 0.5 }, {}],
])('one that %s asks for itself', async (_, more, headers) => {
  const held = holding()
  const body = question()
  const first = post(body)
  await oneAsks()
  const other = post({ ...body, ...more }, headers)
  await mull.upstream.until(({ inFlight }) => inFlight === 2)
  held.open()
  expect([(await first).cache, (await other).cache]).not.toContain('joined')
})

test('it is paid for once', async () => {
  const paying = { authorization: 'Bearer sk-paying' }
  const used = async () => {
    const response = await fetch(`${mull.url}/v1/key`, { headers: paying })
    return ((await response.json()) as { limits: { used: number }[] }).limits[0]!.used
  }
  const held = holding()
  const body = question()
  const first = post(body, paying)
  await oneAsks()
  const second = await mull.post({ ...body, stream: true }, paying)
  held.open()
  const [{ text }] = await Promise.all([first, second.text()])
  expect(await used()).toBe((JSON.parse(text) as Reply).usage.total_tokens)
})
