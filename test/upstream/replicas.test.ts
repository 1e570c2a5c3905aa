import { describe, expect, test } from 'vitest'
import { UpstreamFailed } from '#core'
import { mainOf, readConfig, titleOf } from '../../src/config/index.ts'
import { startNode } from '../../src/node.ts'
import { replicated } from '../../src/upstream/replicas/replicas.ts'
import type { Call, Relayed, Reply, Transport } from '../../src/upstream/transport.ts'
import { gate, type Script, startUpstream, Upstream } from '../helpers/upstream.ts'
import { caller, chunk, drawOne, leafOf, sse, transports } from './leaf.ts'

const unreachable = () => new UpstreamFailed('upstream_unreachable', 'It could not be reached.', 502)
const timeout = () => new UpstreamFailed('upstream_timeout', 'It sent nothing.', 504)
const never = new AbortController().signal
const call = (signal = never): Call => ({ method: 'POST', path: '/x', headers: new Headers(), body: '{}', signal })
const relay = (own: Partial<Relayed> = {}): Relayed => ({
  request: new Request('http://mull/v1/x', { method: 'POST' }),
  path: '/x',
  body: new Uint8Array(2),
  headers: () => [],
  env: {},
  added: () => ({}),
  key: undefined,
  ...own,
})

/** What a replica of the test does with a call: a status, or how it fails. */
type Manner = number | (() => Error)

/** For a status, the one of a relay that fails when its reply has begun. */
const breaking = 299

/** Replicas a, b, c… by their weights, which answer as they are told, on a clock of the test's own. */
function staged(weights: readonly number[], hops = 2) {
  const names = weights.map((_, index) => 'abc'[index]!)
  const manners: Record<string, Manner> = {}
  const asked: string[] = []
  let now = 0
  const status = (name: string) => {
    asked.push(name)
    const manner = manners[name] ?? 200
    if (typeof manner === 'function') throw manner()
    return manner
  }
  const to = (name: string): Transport => ({
    async send(): Promise<Reply> {
      async function* body() {
        yield new TextEncoder().encode(name)
      }
      return { status: status(name), headers: new Headers(), body: body() }
    },
    async relay({ declines }) {
      const answered = status(name)
      if (answered === breaking && !declines?.(200)) throw unreachable()
      return declines?.(answered) ? undefined : new Response(name, { status: answered })
    },
  })
  const addresses = names.map((url, index) => ({ url, weight: weights[index]! }))
  const { transport, states } = replicated(addresses as never, { to, hops, now: () => now, random: () => 0.5 })
  const send = async (signal?: AbortSignal) => transport.send(call(signal))
  return {
    ...{ manners, asked, send, states: states! },
    relay: async (own?: Partial<Relayed>) => transport.relay(relay(own)),
    read: async () => {
      const { status, body } = await send()
      for await (const _ of body);
      return status
    },
    pass: (ms: number) => {
      now += ms
    },
    of: (name: string) => states!().find(({ url }) => url === name)!,
    count: (name: string) => asked.filter((one) => one === name).length,
  }
}

test('a single address is its own transport, untouched', () => {
  const own = {} as Transport
  expect(replicated([{ url: 'a', weight: 3 }], { to: () => own, hops: 2 })).toEqual({ transport: own })
  expect(replicated([{ url: 'a', weight: 3 }], { to: () => own, hops: 2 }).transport).toBe(own)
})

describe('among replicas that are well', () => {
  test('calls in flight are spread by weight', async () => {
    const { send, states } = staged([2, 1, 1])
    await Promise.all(Array.from({ length: 40 }, () => send()))
    expect(states().map(({ calls }) => calls)).toEqual([20, 10, 10])
  })

  test('so are calls that follow one another', async () => {
    const { read, relay, count } = staged([2, 1])
    for (let time = 0; time < 15; time++) await Promise.all([read()])
    for (let time = 0; time < 15; time++) await relay()
    expect([count('a'), count('b')]).toEqual([20, 10])
  })

  test('the one with the least to do is next', async () => {
    const { send, read, asked } = staged([1, 1])
    await send()
    asked.length = 0
    for (let time = 0; time < 3; time++) await read()
    expect(asked).toEqual(['b', 'b', 'b'])
  })

  test('a call is in flight until its reply is read, or its client leaves, or nobody has ended it for long', async () => {
    const { send, of, pass } = staged([1, 1])
    const leaving = new AbortController()
    const { body } = await send()
    await send(leaving.signal)
    expect([of('a').calls, of('b').calls]).toEqual([1, 1])
    leaving.abort()
    expect(of('b').calls).toBe(0)
    for await (const _ of body) expect(of('a').calls).toBe(1)
    expect(of('a').calls).toBe(0)
    await send()
    pass(15 * 60_000)
    expect([of('a').calls, of('b').calls]).toEqual([0, 0])
  })
})

describe('a replica that is down', () => {
  test.each<[string, Manner]>([
    ['out of reach', unreachable],
    ['502', 502],
    ['503', 503],
    ['504', 504],
    ['Cloudflare’s 521', 521],
  ])('(%s) is left for another at once, and left alone after three failures', async (_, manner) => {
    const { manners, read, relay, asked, of } = staged([1, 1])
    manners['a'] = manner
    for (let time = 0; time < 4; time++) {
      expect(await read()).toBe(200)
      expect(await (await relay())!.text()).toBe('b')
    }
    expect(of('a')).toEqual({ url: 'a', weight: 1, state: 'open', calls: 0 })
    expect(asked.filter((name) => name === 'a')).toHaveLength(3)
    expect(asked.filter((name) => name === 'b')).toHaveLength(8)
  })

  test.each([400, 404, 429, 500, 501])('%d says nothing of the kind', async (status) => {
    const { manners, read, relay, of, count } = staged([1, 1])
    manners['a'] = status
    const statuses = []
    for (let time = 0; time < 4; time++) statuses.push(await read(), (await relay())!.status)
    expect(statuses.filter((one) => one === status)).toHaveLength(count('a'))
    expect(of('a').state).toBe('closed')
  })

  test('is tried with one call after its pause, and comes back when that is well', async () => {
    const { manners, read, pass, count, of } = staged([1, 1])
    manners['a'] = unreachable
    for (let time = 0; time < 8; time++) await read()
    expect(count('a')).toBe(3)
    pass(2000)
    expect(of('a').state).toBe('half-open')
    for (let time = 0; time < 8; time++) expect(await read()).toBe(200)
    expect([count('a'), of('a').state]).toEqual([4, 'open'])
    delete manners['a']
    pass(4000)
    for (let time = 0; time < 8; time++) expect(await read()).toBe(200)
    // Its share again, and not the turns it has missed.
    expect(count('a') - 4).toBeGreaterThanOrEqual(4)
    expect(count('a') - 4).toBeLessThanOrEqual(5)
    expect(of('a').state).toBe('closed')
  })

  test('is not tried with a call that could not move on', async () => {
    const { manners, read, relay, pass, count } = staged([1, 1])
    manners['a'] = unreachable
    for (let time = 0; time < 8; time++) await read()
    pass(2000)
    for (let time = 0; time < 4; time++) expect((await relay(relayOnItsWay()))!.status).toBe(200)
    expect(count('a')).toBe(3)
  })

  test('fails a call whose body is on its way already', async () => {
    const { manners, relay, asked } = staged([1, 1])
    manners['a'] = unreachable
    await expect(relay(relayOnItsWay())).rejects.toMatchObject({ code: 'upstream_unreachable' })
    expect(asked).toEqual(['a'])
    manners['b'] = 503
    expect((await relay(relayOnItsWay()))!.status).toBe(503)
  })

  test('takes a call without a body no further than another', async () => {
    const { manners, relay } = staged([1, 1])
    manners['a'] = 503
    const request = new Request('http://mull/v1/files')
    expect(await (await relay({ ...relayOnItsWay(), request }))!.text()).toBe('b')
  })

  test('that is only slow counts as down, but its time is used up', async () => {
    const { manners, read, asked, of } = staged([1, 1])
    manners['a'] = timeout
    const outcomes: unknown[] = []
    for (let time = 0; time < 8; time++) outcomes.push(await read().catch(({ status }) => status))
    expect(outcomes.filter((status) => status === 504)).toHaveLength(3)
    expect(asked).toHaveLength(8)
    expect(of('a')).toMatchObject({ state: 'open', calls: 0 })
  })

  const relayOnItsWay = () => ({ body: undefined }) as unknown as Partial<Relayed>
})

describe('when all replicas are down', () => {
  test('a call is sent to each once, and what the last one says is told', async () => {
    const { manners, read, relay, asked } = staged([1, 1, 1])
    Object.assign(manners, { a: 502, b: unreachable, c: 503 })
    expect(await read()).toBe(503)
    expect(asked).toEqual(['a', 'b', 'c'])
    const reply = await relay()
    expect([reply!.status, await reply!.text()]).toEqual([503, 'c'])
  })

  test.each([0, 1])('no more than the allowed further attempts are made (%d)', async (hops) => {
    const { manners, read, asked } = staged([1, 1, 1], hops)
    Object.assign(manners, { a: 503, b: 503, c: 503 })
    expect(await read()).toBe(503)
    expect(asked).toHaveLength(1 + hops)
  })

  test('no more than a hundred calls go on at once, as with every further attempt', async () => {
    const { manners, send, asked } = staged([1, 1])
    manners['a'] = unreachable
    const fates = await Promise.allSettled(Array.from({ length: 300 }, () => send()))
    expect(asked).toHaveLength(300 + 100)
    expect(fates.filter(({ status }) => status === 'rejected')).toHaveLength(150 - 100)
  })

  test('the one whose pause ends first is still tried', async () => {
    const { manners, send, read, pass, asked, states } = staged([1, 1])
    manners['a'] = unreachable
    for (let time = 0; time < 6; time++) await send()
    pass(1000)
    manners['b'] = unreachable
    for (let time = 0; time < 3; time++) await send().catch(() => {})
    expect(states().map(({ state }) => state)).toEqual(['open', 'open'])
    asked.length = 0
    await expect(send()).rejects.toMatchObject({ code: 'upstream_unreachable' })
    expect(asked).toEqual(['a'])
    delete manners['a']
    expect(await read()).toBe(200)
    expect(states().map(({ state }) => state)).toEqual(['closed', 'open'])
  })
})

test('a reply that the client’s own side declines stays declined, and is no failure', async () => {
  const { manners, relay, asked, of } = staged([1, 1])
  manners['a'] = 404
  expect(await relay({ declines: (status) => status === 404 })).toBeUndefined()
  expect(asked).toEqual(['a'])
  expect(of('a')).toMatchObject({ state: 'closed', calls: 0 })
})

test('a relay that fails when its reply has begun is not begun again', async () => {
  const { manners, relay, asked, of } = staged([1, 1])
  manners['a'] = breaking
  await expect(relay()).rejects.toMatchObject({ code: 'upstream_unreachable' })
  expect(asked).toEqual(['a'])
  expect(of('a').calls).toBe(0)
})

test('who leaves says nothing about a replica', async () => {
  const { manners, send, of } = staged([1, 1])
  manners['a'] = () => new DOMException('gone', 'AbortError')
  const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => send()))
  expect(outcomes.filter(({ status }) => status === 'rejected')).not.toHaveLength(0)
  expect(of('a')).toMatchObject({ state: 'closed', calls: 0 })
})

for (const { name, to } of transports)
  describe(`over ${name}`, () => {
    const pair = async (a: Upstream, b: Upstream) => {
      let now = 0
      const addresses = [a, b].map(({ url }) => ({ url, weight: 1 }))
      const { transport, states } = replicated(addresses as never, { to, hops: 2, now: () => now })
      const model = leafOf(transport).model('m', caller())
      const draws = (n: number) => Promise.all(Array.from({ length: n }, () => drawOne(model)))
      const pass = (ms: number) => {
        now += ms
      }
      return { draws, pass, state: () => states!()[0]!.state }
    }

    test('one that dies is left alone, tried, and asked again when it lives', async () => {
      const a = await startUpstream(() => ({ text: 'a' }))
      await using b = await startUpstream(() => ({ text: 'b' }))
      const port = Number(new URL(a.url).port)
      const { draws, pass, state } = await pair(a, b)
      expect(new Set((await draws(10)).map(({ text }) => text))).toEqual(new Set(['a', 'b']))
      await a.close()
      expect((await draws(20)).map(({ text }) => text)).toEqual(Array.from({ length: 20 }, () => 'b'))
      expect(state()).toBe('open')
      pass(3000)
      expect(state()).toBe('half-open')
      expect((await draws(4)).map(({ text }) => text)).toEqual(['b', 'b', 'b', 'b'])
      expect(state()).toBe('open')
      await using again = await new Upstream(() => ({ text: 'again' })).listen(port)
      pass(60_000)
      expect((await draws(6)).map(({ text }) => text)).toContain('again')
      expect(state()).toBe('closed')
      await draws(10)
      expect(again.asked.length).toBeGreaterThan(4)
    })

    test('nothing is asked of another after the first byte', async () => {
      const half = { raw: { chunks: sse(chunk({ content: 'half' })), cut: true } }
      await using a = await startUpstream(() => half)
      await using b = await startUpstream()
      const { draws } = await pair(a, b)
      await expect(draws(1)).rejects.toMatchObject({ code: 'upstream_cut' })
      expect(b.asked).toHaveLength(0)
    })
  })

test('on Node a relay is in flight until its client has all of it, or has left', async () => {
  const held = gate()
  const script: Script = () => ({ raw: { chunks: ['a', 'b'] }, holdAfter: { chunks: 1, gate: held } })
  await using a = await startUpstream(script)
  await using b = await startUpstream(script)
  const { url, close } = await startNode(readConfig({ PORT: '0', UPSTREAM_BASE_URL: `${a.url},${b.url}` }))
  const inFlight = async () => {
    const { replicas } = (await (await fetch(`${url}/health`)).json()) as { replicas: { calls: number }[] }
    return replicas.map(({ calls }) => calls)
  }
  try {
    const leaving = new AbortController()
    const post = (signal: AbortSignal) =>
      fetch(`${url}/v1/chat/completions`, { method: 'POST', body: '{"model":"m"}', signal })
    const read = await post(never)
    await post(leaving.signal)
    expect(await inFlight()).toEqual([1, 1])
    leaving.abort()
    await b.until(({ left }) => left === 1)
    await expect.poll(inFlight).toEqual([1, 0])
    held.open()
    expect(await read.text()).toBe('ab')
    await expect.poll(inFlight).toEqual([0, 0])
  } finally {
    await close(0)
  }
})

describe('UPSTREAM_BASE_URL', () => {
  const read = (text: string) => mainOf(readConfig({ UPSTREAM_BASE_URL: text }))

  test('is one address', () => {
    expect(read('http://a:8000/').url).toEqual([{ url: 'http://a:8000/v1', weight: 1 }])
    expect(read('').url).toBeUndefined()
  })

  test.each([
    'http://a,http://b/api;weight=2.5',
    ' http://a , http://b/api;weight=2.5 ',
    'http://a;weight=1\nhttp://b/api/;weight=2.5',
  ])('is several: %j', (text) => {
    expect(read(text).url).toEqual([
      { url: 'http://a/v1', weight: 1 },
      { url: 'http://b/api', weight: 2.5 },
    ])
    expect(titleOf(read(text))).toBe('http://a/v1, http://b/api')
  })

  test('keeps what is secret in an address out of what is told of it', () => {
    expect(JSON.stringify(read('http://user:pass@a/v1?token=t, http://b').url)).not.toMatch(/user|pass|token/)
  })

  test.each([
    ['a:8000', /not an address/],
    ['http://a, b', /"b" is not an address/],
    ['http://a;weight=0', /weight "0"/],
    ['http://a;weight=much', /weight "much"/],
    [' , ', /no address/],
  ])('%j is wrong', (text, message) => {
    expect(() => read(text)).toThrow(message)
  })
})
