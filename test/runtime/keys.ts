import { once } from 'node:events'
import { connect } from 'node:net'
import { expect, test } from 'vitest'
import { gate } from '../helpers/upstream.ts'
import { ask, type Start, stage } from './proxy.ts'

const prices = { r1: { input: 1000, output: 2000 }, other: { input: 10_000, output: 20_000 } }
/** Of a completion of r1 with the 10 tokens in and 5 out that the upstream says. */
const each = (10 * 1000 + 5 * 2000) / 1e6

const keys = [
  'plain',
  { name: 'hashed', key: 'sha256:2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b' },
  { name: 'expired', key: 'expired', expires: '2020-01-31' },
  { name: 'narrow', key: 'narrow', models: ['r1', 'smart'], strategies: ['self-*', 'mixture-of-agents', 'cascade'] },
  { name: 'few', key: 'few', n: 3 },
  { name: 'slow', key: 'slow', requestsPerMinute: 3 },
  { name: 'tokens', key: 'tokens', tokensPerMinute: 1_000_000 },
  ...['vote', 'relay', 'stream', 'silent', 'picky', 'fails', 'leaves', 'gone', 'whole', 'seen'].map((name) => ({
    name,
    key: name,
    spendPerDay: 1000,
  })),
  { name: 'poor', key: 'poor', spendPerDay: each * 2 },
  { name: 'crowd', key: 'crowd', spendPerDay: 1 },
]

/** What whoever has a key of ours may do and spend. */
export function keyTests(start: Start): void {
  const on = stage(start, {
    MULL_API_KEYS: JSON.stringify(keys),
    MULL_PRICES: JSON.stringify(prices),
    MULL_ALIASES: 'smart=other+sc@2',
    MULL_JUDGE_MODEL: 'other',
    UPSTREAM_RETRIES: '0',
  })
  const post = (key: string, body: object, path?: string) =>
    on.post(body, { authorization: `Bearer ${key}` }, undefined, path)
  const get = (key: string, path: string) =>
    fetch(`${on.url}/v1${path}`, { headers: { authorization: `Bearer ${key}` } })
  const errorOf = async (response: Response) => ({
    status: response.status,
    ...((await response.json()) as { error: { code: string; message: string; type: string } }).error,
  })
  const usedOf = async (key: string, name = 'spend') => {
    const { limits } = (await (await get(key, '/key')).json()) as {
      limits: { name: string; used: number; held: number }[]
    }
    return limits.find((limit) => limit.name === name)!
  }
  /** What a key has spent once nothing is held for it any more. */
  const spentBy = async (key: string) => {
    await expect.poll(async () => (await usedOf(key)).held, { timeout: 10_000 }).toBe(0)
    return (await usedOf(key)).used
  }

  test('a key is known as it is or by its hash, until it expires', async () => {
    for (const key of ['plain', 'secret']) expect((await post(key, ask('r1'))).status).toBe(200)
    for (const key of ['expired', 'Secret', keys.map((key) => (typeof key === 'object' ? key.key : ''))[1]!])
      expect(await errorOf(await post(key, ask('r1')))).toMatchObject({ status: 401, code: 'invalid_api_key' })
    expect((await errorOf(await post('expired', ask('r1')))).message).toContain('expired at 2020-01-31')
  })

  test.each([
    ['other', 'model_not_allowed', 'r1, smart'],
    ['other+sc@2', 'model_not_allowed', 'r1, smart'],
    ['r1+best-of-n@2', 'strategy_not_allowed', 'self-*'],
    ['r1+sc@2+bon@2', 'strategy_not_allowed', 'self-*'],
    ['smart+bon@2', 'strategy_not_allowed', 'self-*'],
    ['r1+mixture-of-agents(models=[r1,other])', 'model_not_allowed', 'r1, smart'],
    ['r1+cascade(strong=other)', 'model_not_allowed', 'r1, smart'],
    ['r1+cascade(strong="r1+bon@2")', 'strategy_not_allowed', 'self-*'],
  ])('%s is a 403 for a key that may not use all of it, and nothing is asked', async (model, code, allowed) => {
    const error = await errorOf(await post('narrow', ask(model)))
    expect(error).toMatchObject({ status: 403, code, message: expect.stringContaining(allowed) })
    expect(on.upstream.asked.filter(({ method }) => method === 'POST')).toEqual([])
  })

  test.each(['r1', 'r1+sc@2', 'smart', 'smart+self-refine(rounds=1)'])('%s is what it may use', async (model) => {
    expect((await post('narrow', ask(model))).status).toBe(200)
  })

  test.each([
    ['/chat/completions', { ...ask('r1'), Model: 'other' }],
    ['/embeddings', { model: 'r1', MODEL: 'other', input: 'x' }],
  ])('a body that names a model in two ways is a 400 (%s)', async (path, body) => {
    expect((await post('narrow', body, path)).status).toBe(400)
  })

  test('what is handed through elsewhere is asked of the models that a key may use', async () => {
    on.upstream.routes = { 'POST /v1/embeddings': { chunks: ['{"data":[]}'] } }
    expect((await post('narrow', { model: 'r1', input: 'x' }, '/embeddings')).status).toBe(200)
    expect(await errorOf(await post('narrow', { model: 'other', input: 'x' }, '/embeddings'))).toMatchObject({
      code: 'model_not_allowed',
    })
    expect(await errorOf(await get('narrow', '/files'))).toMatchObject({ status: 403, code: 'model_not_named' })
  })

  test.each(['/chat/completions', '/embeddings'])('a body that is nested too deep is a 400 (%s)', async (path) => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`
    const response = await fetch(`${on.url}/v1${path}`, {
      method: 'POST',
      headers: { authorization: 'Bearer narrow', 'content-type': 'application/json' },
      body: `{"model":"r1","input":${deep}}`,
    })
    expect(response.status).toBe(400)
  })

  test('the list of models has what a key may use, and no more', async () => {
    const { data } = (await (await get('narrow', '/models')).json()) as { data: { id: string }[] }
    const ids = data.map(({ id }) => id)
    expect(ids).toEqual(expect.arrayContaining(['smart', 'r1', 'r1+self-consistency']))
    expect(ids.filter((id) => /^other|best-of/.test(id))).toEqual([])
    expect((await get('narrow', '/models/other')).status).toBe(403)
    expect((await get('narrow', '/models/r1+self-refine')).status).toBe(200)
  })

  test.each([{ ...ask('r1'), n: 4 }, ask('r1+sc@4'), ask('r1+sc@2+bon@2'), ask('r1+cascade(n=2,strong="r1+sc@4")')])(
    'more than the largest n of a key is a 400: %j',
    async (body) => {
      const error = await errorOf(await post('few', body))
      expect(error).toMatchObject({
        status: 400,
        code: 'too_many_calls',
        message: expect.stringContaining('this API key'),
      })
      expect(on.upstream.asked.filter(({ method }) => method === 'POST')).toEqual([])
    },
  )

  test('as many as its largest n are drawn, and of a search of ours no more', async () => {
    expect((await post('few', ask('r1+sc@3'))).status).toBe(200)
    on.upstream.asked.length = 0
    const reply = await post('few', ask('r1+mcts'))
    expect(await reply.json()).toMatchObject({ mull: { calls: 3 } })
  })

  test('more requests than a minute has are a 429 that says when to come again, as every reply does', async () => {
    const replies: Response[] = []
    // At most one minute ends meanwhile.
    while (replies.at(-1)?.status !== 429 && replies.length < 8) replies.push(await post('slow', ask('r1')))
    const refused = replies.pop()!
    expect(await errorOf(refused)).toMatchObject({ status: 429, code: 'rate_limit_exceeded', type: 'requests' })
    const wait = Number(refused.headers.get('retry-after-ms'))
    expect(wait).toBeGreaterThan(0)
    // Of three requests, two and a half may count when the next is let in.
    expect(wait).toBeLessThanOrEqual(70_001)
    expect(Number(refused.headers.get('retry-after'))).toBe(Math.ceil(wait / 1000))
    for (const { status, headers } of replies) {
      expect(status).toBe(200)
      expect(headers.get('x-ratelimit-limit-requests')).toBe('3')
      expect(headers.get('x-ratelimit-remaining-requests')).toMatch(/^[0-2]$/)
      expect(headers.get('x-ratelimit-reset-requests')).toMatch(/^(1m)?[\d.]+s$/)
    }
  })

  test.each([ask('r1'), ask('r1+sc@2'), { ...ask('r1+sc@2'), stream: true }])(
    'what is left of the tokens stands in the headers: %j',
    async (body) => {
      const reply = await post('tokens', body)
      await reply.text()
      expect(reply.headers.get('x-ratelimit-limit-tokens')).toBe('1000000')
      expect(Number(reply.headers.get('x-ratelimit-remaining-tokens'))).toBeLessThan(1_000_000)
    },
  )

  test('a request costs what its samples and judges do, each by the price of its model', async () => {
    on.upstream.reply(({ json }) =>
      json?.model === 'other'
        ? { text: '{"score": 7}', usage: { prompt_tokens: 1, completion_tokens: 2 } }
        : { choices: [{ text: 'one' }, { text: 'two' }], usage: { prompt_tokens: 100, completion_tokens: 50 } },
    )
    const reply = await post('vote', ask('r1+bon@2'))
    const { mull } = (await reply.json()) as { mull: { cost: number } }
    const drawn = on.upstream.asked.filter(({ json }) => json?.model === 'r1').length
    const cost = (drawn * (100 * 1000 + 50 * 2000) + 2 * (10_000 + 2 * 20_000)) / 1e6
    expect(mull.cost).toBeCloseTo(cost, 9)
    expect(Number(reply.headers.get('x-mull-cost'))).toBe(mull.cost)
    expect(await spentBy('vote')).toBeCloseTo(cost, 9)
    const stream = await post('vote', { ...ask('r1+bon@2'), stream: true })
    const [, told] = /"cost":([\d.]+)/.exec(await stream.text())!
    expect(await spentBy('vote')).toBeCloseTo(cost + Number(told), 9)
  })

  test('a relay costs what the upstream says of it', async () => {
    expect((await post('relay', ask('r1'))).status).toBe(200)
    expect(await spentBy('relay')).toBeCloseTo(each, 9)
  })

  test('a streamed relay is asked for its price, and its client sees as much as it wanted', async () => {
    const body = { ...ask('r1'), stream: true }
    const plain = await (await post('plain', body)).text()
    expect(on.upstream.asked.at(-1)!.json).toEqual(body)
    const counted = await (await post('stream', body)).text()
    expect(on.upstream.asked.at(-1)!.json?.stream_options).toEqual({ include_usage: true })
    expect(withoutIds(counted)).toBe(withoutIds(plain))
    expect(await spentBy('stream')).toBeCloseTo(each, 9)
    const wanted = { ...body, stream_options: { include_usage: true } }
    expect(await (await post('stream', wanted)).text()).toContain('"prompt_tokens":10')
    expect(await spentBy('stream')).toBeCloseTo(2 * each, 9)
  })

  test('an upstream that does not say what it took is taken to have taken what was seen', async () => {
    on.upstream.reply(() => ({ text: 'a story '.repeat(20), usage: null }))
    await (await post('silent', { ...ask('r1'), stream: true })).text()
    const spent = await spentBy('silent')
    expect(spent).toBeGreaterThan(0)
    await (await post('silent', ask('r1'))).text()
    expect(await spentBy('silent')).toBeGreaterThan(spent)
  })

  test('an upstream that refuses to be asked for the price of a stream is asked without', async () => {
    on.upstream.reply(({ json }) =>
      json?.stream_options ? { status: 400, error: { message: 'unknown field stream_options' } } : { text: 'ok' },
    )
    const body = { ...ask('r1'), stream: true }
    for (const requests of [2, 1]) {
      on.upstream.asked.length = 0
      expect((await post('picky', body)).status).toBe(200)
      expect(on.upstream.asked).toHaveLength(requests)
    }
    expect(await spentBy('picky')).toBeGreaterThan(0)
  })

  test.each(['r1', 'r1+sc@2'])('an upstream that fails costs nothing: %s', async (model) => {
    on.upstream.reply(() => ({ status: 500, error: { message: 'it is broken' } }))
    expect((await post('fails', ask(model))).status).toBe(500)
    expect(await spentBy('fails')).toBe(0)
  })

  test.each([
    ['leaves', 'r1+sc@4'],
    ['gone', 'r1'],
  ])('what was spent for a client that leaves is spent, and no more is held: %s, %s', async (key, model) => {
    const never = gate()
    on.upstream.reply(({ json }) =>
      (json?.n ?? 1) > 1
        ? { status: 400, error: { message: 'n must be 1' } }
        : { text: 'a long story '.repeat(10), holdAfter: { chunks: 3, gate: never } },
    )
    const { hostname, port } = new URL(on.url)
    const body = JSON.stringify({ ...ask(model), stream: true })
    const socket = connect(Number(port), hostname)
    socket.write(
      `POST /v1/chat/completions HTTP/1.1\r\nhost: ${hostname}\r\ncontent-type: application/json\r\n` +
        `authorization: Bearer ${key}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    )
    await on.upstream.until(({ inFlight }) => inFlight === (model === 'r1' ? 1 : 4))
    await once(socket, 'data')
    expect((await usedOf(key)).held).toBeGreaterThan(0)
    socket.resetAndDestroy()
    // workerd run by hand notices that a relay's client is gone when there is something to send to it.
    if (model === 'r1') never.open()
    await on.upstream.until(({ inFlight }) => inFlight === 0)
    expect(await spentBy(key)).toBeGreaterThan(0)
  })

  test('a budget that is spent is a 429 that OpenAI’s clients do not try again', async () => {
    expect((await post('poor', { ...ask('r1'), max_tokens: 5 })).status).toBe(200)
    expect((await post('poor', { ...ask('r1'), max_tokens: 5 })).status).toBe(200)
    expect(await spentBy('poor')).toBeCloseTo(2 * each, 9)
    for (const body of [ask('r1'), ask('r1+sc@2')]) {
      const refused = await post('poor', body)
      expect(await errorOf(refused)).toMatchObject({
        status: 429,
        code: 'insufficient_quota',
        type: 'insufficient_quota',
      })
      expect(refused.headers.get('x-should-retry')).toBe('false')
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    }
  })

  test('a hundred at once spend no more than the budget, and who is refused may come again', async () => {
    const held = gate()
    on.upstream.reply(() => ({ text: 'ok', hold: held, usage: { prompt_tokens: 0, completion_tokens: 100 } }))
    const body = { ...ask('r1'), max_tokens: 100 }
    let refused = 0
    const replies = Array.from({ length: 100 }, async () => {
      const { status } = await post('crowd', body)
      if (status === 429) refused++
      return status
    })
    // Of 1 there is enough for five, of which each may take 0.2.
    await expect.poll(() => refused, { timeout: 10_000 }).toBe(95)
    expect(on.upstream.inFlight).toBe(5)
    held.open()
    expect((await Promise.all(replies)).filter((status) => status === 200)).toHaveLength(5)
    expect(await spentBy('crowd')).toBeCloseTo(1, 9)
  })

  test('a model without a price is not for a key with a budget', async () => {
    expect(await errorOf(await post('seen', ask('unpriced')))).toMatchObject({
      status: 403,
      code: 'model_without_price',
    })
  })

  test('a key is told what it may use, and what is left', async () => {
    await (await post('seen', ask('r1'))).text()
    await spentBy('seen')
    expect(await (await get('seen', '/key')).json()).toMatchObject({
      object: 'key',
      name: 'seen',
      limits: [{ name: 'spend', per: 'day', limit: 1000, used: each, remaining: 1000 - each }],
    })
    expect((await get('wrong', '/key')).status).toBe(401)
  })
}

const withoutIds = (text: string) => text.replaceAll(/"(id|created)":("[^"]*"|\d+)/g, '"$1":0')
