import { describe, expect, test } from 'vitest'
import { readConfig } from '../../src/config/index.ts'
import { startNode } from '../../src/node.ts'
import type { Script } from '../helpers/upstream.ts'
import { ask, stage } from '../runtime/proxy.ts'

const on = (env: Record<string, string>) =>
  stage(async (more) => {
    const { url, close } = await startNode(readConfig({ PORT: '0', ...more }))
    return { url, close: () => close(0) }
  }, env)

type Reply = {
  choices: { message: { content: string; reasoning_content?: string }; finish_reason: string }[]
  usage: { total_tokens: number }
  mull?: {
    calls: number
    cost?: number
    agreement?: number
    votes?: { answer: string; count: number }[]
    cache?: { age: number; took: { calls: number; prompt_tokens: number; completion_tokens: number } }
  }
}

/** Another answer to each question. */
const counting = (): Script => {
  let next = 0
  return ({ json }) => ({
    choices: Array.from({ length: json?.n ?? 1 }, () => ({ text: `${next++}`, thinking: 'hm' })),
  })
}

let questions = 0
const newQuestion = () => `question ${++questions}`

const talking = (mull: ReturnType<typeof on>) => {
  const told = async (body: object, headers: Record<string, string> = {}) => {
    const response = await mull.post(body, headers)
    return {
      status: response.headers.get('x-mull-cache'),
      age: response.headers.get('age'),
      text: await response.text(),
    }
  }
  const asked = async (body: object, headers: Record<string, string> = {}) => {
    const { text, ...head } = await told(body, headers)
    const reply = JSON.parse(text) as Reply
    return { ...head, reply, content: reply.choices[0]!.message.content }
  }
  const statuses = async (...bodies: readonly object[]) => {
    const all: (string | null)[] = []
    for (const body of bodies) all.push((await told(body)).status)
    return all
  }
  return { told, asked, statuses }
}

describe('answers to whoever asks again', () => {
  const mull = on({ MULL_CACHE: 'on' })
  const { told, asked, statuses } = talking(mull)

  test('a recipe’s answer is given again as it was, and costs nothing', async () => {
    mull.upstream.reply(counting())
    const body = { ...ask('r1+sc@4', newQuestion()), temperature: 1 }
    const [first, second] = [await asked(body), await asked(body)]
    expect([first.status, second.status, second.age]).toEqual(['miss', 'hit', '0'])
    expect(second.reply.choices).toEqual(first.reply.choices)
    expect(mull.upstream.asked.filter(({ method }) => method === 'POST')).toHaveLength(1)
    expect(second.reply.usage.total_tokens).toBe(0)
    expect(second.reply.mull).toMatchObject({ calls: 0, cost: 0, agreement: first.reply.mull!.agreement })
    expect(second.reply.mull?.votes).toEqual(first.reply.mull?.votes)
    const { cache } = second.reply.mull!
    expect(cache?.took.calls).toBe(4)
    expect(cache!.took.prompt_tokens + cache!.took.completion_tokens).toBe(first.reply.usage.total_tokens)
  })

  test.each([
    ['streamed', true, false],
    ['whole', false, true],
  ])('an answer that was %s is given again in either form', async (_, first, second) => {
    mull.upstream.reply(counting())
    const body = ask('r1+sc@3', newQuestion())
    const contentOf = (text: string) =>
      text.startsWith('data:')
        ? [...text.matchAll(/"delta":\{"content":"([^"]*)"/g)].map(([, piece]) => piece).join('')
        : (JSON.parse(text) as Reply).choices[0]?.message.content
    const [before, after] = [await told({ ...body, stream: first }), await told({ ...body, stream: second })]
    expect([before.status, after.status]).toEqual(['miss', 'hit'])
    expect(contentOf(after.text)).toBe(contentOf(before.text))
    expect(contentOf(after.text)).not.toBe('')
    for (const { text } of [before, after]) expect(text.match(/Thinking with r1/g)?.length).toBeGreaterThan(0)
    if (second) expect(after.text.trimEnd()).toMatch(/\[DONE\]$/)
  })

  test('it is given in another form of thinking, and at another door', async () => {
    mull.upstream.reply(counting())
    const body = ask('r1+sc@3', newQuestion())
    const first = await asked(body)
    const tagged = await asked({ ...body, mull: { think: 'tags' } })
    expect([tagged.status, tagged.content.endsWith(first.content), tagged.content.startsWith('<think>')]).toEqual([
      'hit',
      true,
      true,
    ])
    const input = body.messages[0]!.content
    const response = await mull.post({ model: body.model, input }, {}, undefined, '/responses')
    expect(response.headers.get('x-mull-cache')).toBe('hit')
  })

  test('every option, setting and key makes another question', async () => {
    const question = newQuestion()
    const body = ask('r1+sc@2', question)
    const bodies = [
      body,
      ask('r1+sc@3', question),
      ask('other+sc@2', question),
      ask('r1+bon@2(scorer=agreement)', question),
      { ...body, temperature: 0.5 },
      { ...body, seed: 1 },
      { ...body, n: 2 },
      { ...body, top_p: 0.5 },
      { ...body, tools: [] },
      { ...body, mull: { budget: { calls: 9 } } },
      { ...body, mull: { cache: { key: 'mine' } } },
    ]
    expect(new Set(await statuses(...bodies))).toEqual(new Set(['miss']))
    expect((await told(body, { authorization: 'Bearer another' })).status).toBe('miss')
    expect(new Set(await statuses(...bodies, { ...body, user: 'me', metadata: { a: 'b' } }))).toEqual(new Set(['hit']))
  })

  test('a request may ask anew, neither look nor keep, or refuse what is old', async () => {
    mull.upstream.reply(counting())
    const body = ask('r1+sc@1', newQuestion())
    const first = await asked(body)
    const second = await asked(body, { 'x-mull-cache': 'no-cache' })
    expect([second.status, second.content === first.content]).toEqual(['miss', false])
    expect((await asked(body, { 'x-mull-cache': 'no-store' })).status).toBe('bypass')
    expect((await asked({ ...body, mull: { cache: false } })).status).toBe('bypass')
    expect(await asked(body)).toMatchObject({ status: 'hit', content: second.content })
    expect((await asked(body, { 'x-mull-cache': 'max-age=60' })).status).toBe('hit')
    // Kept for no second at all.
    const other = ask('r1+sc@1', newQuestion())
    expect(await statuses({ ...other, mull: { cache: { ttl: 0 } } }, other)).toEqual(['miss', 'miss'])
  })

  test('a header that cannot be read is a 400 that says what can', async () => {
    const reply = await mull.post(ask('r1'), { 'x-mull-cache': 'forever' })
    expect(reply.status).toBe(400)
    const { error } = (await reply.json()) as { error: { message: string } }
    expect(error.message).toContain('no-cache, no-store, max-age=<seconds>, ttl=<seconds>')
  })

  test('failures, and what was cut off, filtered or short of its samples, are never given again', async () => {
    const bad: readonly Script[] = [
      () => ({ status: 400, error: { message: 'no' } }),
      () => ({ text: 'half', finish: 'length' }),
      () => ({ text: 'never', finish: 'content_filter' }),
      (_, index) => (index % 2 ? { text: 'one' } : { status: 400, error: { message: 'no' } }),
    ]
    for (const script of bad) {
      mull.upstream.reply(({ json }, index) =>
        (json?.n ?? 1) > 1 ? { status: 400, error: { message: 'n must be 1' } } : script({ json } as never, index),
      )
      const body = ask('r1+sc@2', newQuestion())
      expect(await statuses(body, body)).not.toContain('hit')
    }
  })

  test('nor is what a budget ended', async () => {
    mull.upstream.reply(counting())
    const body = { ...ask('r1+sc@8', newQuestion()), mull: { budget: { calls: 3 } } }
    expect(await statuses(body, body)).toEqual(['miss', 'miss'])
  })

  test('a plain answer is given again if it does not depend on chance, in either form, and else is relayed', async () => {
    mull.upstream.reply(counting())
    const question = newQuestion()
    const cold = { ...ask('r1', question), temperature: 0 }
    const [first, second] = [await asked(cold), await asked(cold)]
    expect([first.status, second.status]).toEqual(['miss', 'hit'])
    expect(second.reply.choices).toEqual(first.reply.choices)
    expect(second.reply.mull).toBeUndefined()
    expect((await told({ ...cold, stream: true })).status).toBe('hit')
    const warm = ask('r1', question)
    const [third, fourth] = [await asked(warm), await asked(warm)]
    expect([third.status, fourth.status, third.content === fourth.content]).toEqual([null, null, false])
    const thought = { ...warm, mull: { think: 'tags' } }
    expect(await statuses(thought, thought)).toEqual(['bypass', 'bypass'])
    expect(await statuses(...[1, 2].map(() => ({ ...warm, mull: { cache: true } })))).toEqual(['miss', 'hit'])
  })
})

describe('answers to those who ask for them', () => {
  const mull = on({ MULL_CACHE: 'asked' })
  const { told, statuses } = talking(mull)

  test('are remembered for nobody else', async () => {
    const body = ask('r1+sc@2', newQuestion())
    expect(await statuses(body, body)).toEqual(['bypass', 'bypass'])
    const asking = { 'x-mull-cache': 'on' }
    expect([(await told(body, asking)).status, (await told(body, asking)).status]).toEqual(['miss', 'hit'])
    const plain = ask('r1', newQuestion())
    expect([(await told(plain, asking)).status, (await told(plain, asking)).status]).toEqual(['miss', 'hit'])
  })

  test('a plain request goes on byte for byte, and so does its reply', async () => {
    mull.upstream.reply(() => ({ text: 'ok' }))
    const reply = await mull.post(ask('r1', newQuestion()))
    expect(reply.headers.has('x-mull-cache')).toBe(false)
    expect(await reply.json()).toMatchObject({ choices: [{ message: { content: 'ok' } }] })
  })
})
