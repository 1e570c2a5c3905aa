import { describe, expect, test } from 'vitest'
import { type Capability, cancelled, capabilities, execute, strategy } from '#core'
import { mainOf, readConfig } from '../../src/config/index.ts'
import { readCan } from '../../src/upstream/capabilities.ts'
import { demo } from '../../src/upstream/demo.ts'
import { fetchTransport } from '../../src/upstream/fetch-transport.ts'
import type { Upstream as Leaf } from '../../src/upstream/index.ts'
import { spreading } from '../../src/upstream/spread.ts'
import { about, context, heard } from '../helpers/scripted.ts'
import { type Asked, gate, type Reply, startUpstream, type Upstream } from '../helpers/upstream.ts'
import { caller, draw, leafOf, overNode, question, streamOf } from './leaf.ts'
import { babbler } from './tiny/serve.ts'

/** A request in which a strategy asks, as often as it is told to at once. */
async function asks(
  leaf: Leaf,
  capability: Capability,
  { name = 'm', times = 1, signal = undefined as AbortSignal | undefined } = {},
) {
  const curious = strategy('curious', about, {}, async (run) => {
    const found = await Promise.all(Array.from({ length: times }, () => run.can(capability)))
    return { text: found.join(), finish: 'stop' }
  })
  const execution = execute(curious()(leaf.model(name, caller())), question, {
    ...context,
    can: leaf.can(name, caller()),
    ...(signal ? { signal } : {}),
  })
  const { completion, notes } = await heard(execution)
  return { found: completion.text, notes, ledger: execution.ledger }
}

const chats = (upstream: Upstream) => upstream.asked.filter(({ path }) => path.endsWith('/completions'))
const bodies = (upstream: Upstream) => chats(upstream).map(({ json }) => json!)
const refusal = (param: string, status = 400): Reply => ({
  status,
  error: { message: `${param} is not supported`, param },
})
const words = (content: string) => streamOf([{ content }])

const begun = ({ json }: Asked) => String(json?.messages?.at(-1)?.content)
const marked = ({ json }: Asked) => json?.messages?.at(-1)?.['prefix'] === true
const withFields = ({ json }: Asked) => json?.['continue_final_message'] === true

const servers: Readonly<Record<string, (asked: Asked) => Reply>> = {
  vLLM: (asked) => words(withFields(asked) ? 'is.' : 'Paris.'),
  'vLLM with a parser that takes it for thinking': (asked) =>
    streamOf([{ reasoning_content: withFields(asked) ? 'is.' : 'Hm' }]),
  'llama.cpp, which overlooks the fields and goes on': () => words('is.'),
  DeepSeek: (asked) => words(marked(asked) ? 'is.' : 'The capital'),
  Mistral: (asked) =>
    withFields(asked) ? refusal('continue_final_message', 422) : words(marked(asked) ? `${begun(asked)}is.` : 'Paris'),
  'a strict server that goes on with any last message': (asked) =>
    withFields(asked) ? refusal('continue_final_message') : marked(asked) ? refusal('messages', 422) : words('is.'),
  OpenAI: (asked) =>
    withFields(asked) ? refusal('continue_final_message') : marked(asked) ? refusal('messages') : words('The capital'),
  'a server that overlooks everything': () => words('The capital'),
  'one that begins by repeating what it said': (asked) => words(`${begun(asked)}is.`),
}

describe('going on with a message is found out by trying one way after another:', () => {
  test.each<[keyof typeof servers, string | false, number]>([
    ['vLLM', 'vllm', 1],
    ['vLLM with a parser that takes it for thinking', 'vllm', 1],
    ['llama.cpp, which overlooks the fields and goes on', 'vllm', 1],
    ['DeepSeek', 'deepseek', 2],
    ['Mistral', 'mistral', 2],
    ['a strict server that goes on with any last message', 'plain', 3],
    ['OpenAI', false, 3],
    ['a server that overlooks everything', false, 2],
    ['one that begins by repeating what it said', false, 2],
  ])('%s: %s', async (server, prefill, requests) => {
    await using upstream = await startUpstream(servers[server]!)
    const leaf = leafOf(overNode(upstream.url))
    const { found, ledger } = await asks(leaf, 'prefill', { name: 'deepseek-r1' })
    expect(found).toBe(String(prefill !== false))
    expect(leaf.known('deepseek-r1')).toEqual({ prefill })
    expect(bodies(upstream)).toHaveLength(requests)
    expect(ledger.requests).toBe(requests)
    for (const body of bodies(upstream)) expect(body).toMatchObject({ max_tokens: 4, temperature: 0 })
  })
})

const call = { index: 0, id: 'c', function: { name: 'ready', arguments: '{}' } }
const listed = { content: [{ token: 'ok', logprob: -0.1 }] }

describe('what else a model can do shows in what comes back:', () => {
  test.each<[Capability, string, (asked: Asked) => Reply, boolean, number]>([
    ['n', 'as many as asked for', () => ({ choices: [{ text: 'a' }, { text: 'b' }] }), true, 1],
    ['n', 'one only', () => ({ text: 'a' }), false, 2],
    ['n', 'a refusal', ({ json }) => (json?.n ? refusal('n') : { text: 'a' }), false, 3],
    [
      'logprobs',
      'likelihoods',
      () => ({
        raw: {
          chunks: [
            `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content: 'ok' }, logprobs: listed, finish_reason: 'length' }] })}\n\n`,
            'data: [DONE]\n\n',
          ],
        },
      }),
      true,
      1,
    ],
    ['logprobs', 'words alone', () => ({ text: 'ok' }), false, 1],
    ['logprobs', 'a refusal', () => refusal('logprobs'), false, 1],
    [
      'effort',
      'a refusal of a word that is none',
      ({ json }) => (json?.['reasoning_effort'] === 'low' ? { text: 'a' } : refusal('reasoning_effort')),
      true,
      2,
    ],
    ['effort', 'no word about any', () => ({ text: 'a' }), false, 2],
    ['effort', 'a refusal of all', () => refusal('reasoning_effort'), false, 1],
    [
      'effort',
      'that it thought longer than the limit',
      ({ json }) =>
        json?.['reasoning_effort'] === 'low'
          ? {
              status: 400,
              error: { message: 'Could not finish the message because max_tokens or model output limit was reached.' },
            }
          : refusal('reasoning_effort'),
      true,
      2,
    ],
    ['tools', 'a call', () => streamOf([{ tool_calls: [call] }], 'tool_calls'), true, 1],
    ['tools', 'words', () => ({ text: 'ready' }), false, 1],
    ['tools', 'a refusal', () => refusal('tools'), false, 1],
  ])('%s: %s', async (capability, _, reply, can, requests) => {
    await using upstream = await startUpstream(reply)
    const leaf = leafOf(overNode(upstream.url))
    expect((await asks(leaf, capability)).found).toBe(String(can))
    expect(bodies(upstream)).toHaveLength(requests)
    expect(leaf.known('m')).toMatchObject({ [capability]: can })
    await asks(leaf, capability)
    expect(bodies(upstream)).toHaveLength(requests)
  })

  test('effort in a dialect that the operator named is a matter of whether it is taken', async () => {
    await using upstream = await startUpstream()
    expect((await asks(leafOf(overNode(upstream.url), { effort: 'thinking' }), 'effort')).found).toBe('true')
    expect(bodies(upstream)).toMatchObject([{ thinking: { type: 'disabled' }, max_tokens: 1 }])
    upstream.reply(() => refusal('thinking'))
    expect((await asks(leafOf(overNode(upstream.url), { effort: 'thinking' }), 'effort')).found).toBe('false')
    expect((await asks(leafOf(overNode(upstream.url), { effort: 'none' }), 'effort')).found).toBe('false')
    expect(bodies(upstream)).toHaveLength(2)
  })

  test('n: what several samples have shown already is not asked for', async () => {
    await using upstream = await startUpstream(({ json }) =>
      json?.model === 'many' ? { choices: [{ text: 'a' }, { text: 'b' }] } : { text: 'a' },
    )
    const leaf = leafOf(overNode(upstream.url))
    for (const name of ['many', 'single']) await draw(leaf.model(name, caller()), question, { n: 2 })
    expect([leaf.known('many'), leaf.known('single')]).toEqual([{ n: true }, { n: false }])
    const before = bodies(upstream).length
    expect((await asks(leaf, 'n', { name: 'many' })).found).toBe('true')
    expect((await asks(leaf, 'n', { name: 'single' })).found).toBe('false')
    expect(bodies(upstream)).toHaveLength(before)
  })
})

test('a probe is paid for by who asked first, and told to them; it is no sample of theirs', async () => {
  await using upstream = await startUpstream()
  const leaf = leafOf(overNode(upstream.url))
  const { notes, ledger } = await asks(leaf, 'logprobs')
  expect(notes).toEqual(['m was asked whether it gives the log-probabilities of its tokens: no.'])
  expect(ledger).toMatchObject({ calls: 0, requests: 1, usage: { input: 10, output: 5 } })
  const again = await asks(leaf, 'logprobs')
  expect(again).toMatchObject({ notes: [], found: 'false', ledger: { requests: 0, usage: { input: 0, output: 0 } } })
})

test('an allowance for thinking is no part of a probe', async () => {
  await using upstream = await startUpstream()
  await asks(leafOf(overNode(upstream.url), { thinkingTokens: 4096 }), 'logprobs')
  expect(bodies(upstream)).toMatchObject([{ max_tokens: 1 }])
})

test('each model is asked for itself', async () => {
  await using upstream = await startUpstream(({ json }) => (json?.model === 'a' ? words('is.') : words('Paris.')))
  const leaf = leafOf(overNode(upstream.url))
  expect((await asks(leaf, 'prefill', { name: 'a' })).found).toBe('true')
  expect((await asks(leaf, 'prefill', { name: 'b' })).found).toBe('false')
  expect([leaf.known('a'), leaf.known('b'), leaf.known('c')]).toEqual([{ prefill: 'vllm' }, { prefill: false }, {}])
})

describe('who asks at the same time', () => {
  test('waits for one probe, in one request and in several', async () => {
    const held = gate()
    await using upstream = await startUpstream(() => ({ ...words('is.'), hold: held }))
    const leaf = leafOf(overNode(upstream.url))
    const all = [asks(leaf, 'prefill', { times: 5 }), asks(leaf, 'prefill', { times: 2 })]
    await upstream.until(() => bodies(upstream).length === 1)
    held.open()
    expect((await Promise.all(all)).map(({ found }) => found)).toEqual(['true,true,true,true,true', 'true,true'])
    expect(bodies(upstream)).toHaveLength(1)
  })

  test('asks anew when the one they waited for has left', async () => {
    const held = gate()
    await using upstream = await startUpstream((_, index) => ({
      ...words('is.'),
      ...(index === 0 ? { hold: held } : {}),
    }))
    const leaf = leafOf(overNode(upstream.url))
    const client = new AbortController()
    const first = asks(leaf, 'prefill', { signal: client.signal })
    await upstream.until(() => bodies(upstream).length === 1)
    const second = asks(leaf, 'prefill')
    client.abort(cancelled('The client left.'))
    await expect(first).rejects.toThrow('The client left.')
    expect((await second).found).toBe('true')
    await upstream.until(({ left }) => left === 1)
    expect(bodies(upstream)).toHaveLength(2)
  })

  test('does not wait for another request where requests must not', async () => {
    const held = gate()
    await using upstream = await startUpstream((_, index) => ({
      ...words('is.'),
      ...(index === 0 ? { hold: held } : {}),
    }))
    const leaf = leafOf(overNode(upstream.url), { isolated: spreading({ waiting: 6 }) })
    const first = asks(leaf, 'prefill', { times: 3 })
    await upstream.until(() => bodies(upstream).length === 1)
    expect((await asks(leaf, 'prefill')).found).toBe('true')
    held.open()
    expect((await first).found).toBe('true,true,true')
    expect(bodies(upstream)).toHaveLength(2)
  })

  test('gets the failure of the one probe, and the next to ask tries again', async () => {
    const held = gate()
    await using upstream = await startUpstream(() => ({ status: 503, error: { message: 'Overloaded.' }, hold: held }))
    const leaf = leafOf(overNode(upstream.url))
    const failing = [asks(leaf, 'prefill', { times: 2 }), asks(leaf, 'prefill')]
    await upstream.until(() => bodies(upstream).length === 1)
    held.open()
    for (const each of failing) await expect(each).rejects.toMatchObject({ status: 503, message: 'Overloaded.' })
    expect(bodies(upstream)).toHaveLength(1)
    upstream.reply(() => words('is.'))
    expect((await asks(leaf, 'prefill')).found).toBe('true')
  })
})

test('an upstream that cannot be reached tells nothing about the model', async () => {
  const leaf = leafOf(overNode('http://127.0.0.1:1/v1'))
  await expect(asks(leaf, 'logprobs')).rejects.toMatchObject({ code: 'upstream_unreachable' })
  expect(leaf.known('m')).toEqual({})
})

test('an error of the server’s own is a no for this time, not for ever', async () => {
  await using upstream = await startUpstream(() => refusal('tools', 500))
  const leaf = leafOf(overNode(upstream.url))
  expect((await asks(leaf, 'tools')).found).toBe('false')
  expect(leaf.known('m')).toEqual({})
  upstream.reply(() => streamOf([{ tool_calls: [call] }], 'tool_calls'))
  expect((await asks(leaf, 'tools')).found).toBe('true')
})

test('what the operator says is not asked, nor what the upstream’s list of models says', async () => {
  await using upstream = await startUpstream()
  const can = { logprobs: true, n: false, prefill: 'plain' as const }
  const leaf = leafOf(overNode(upstream.url), { can })
  for (const [capability, found] of [
    ['logprobs', 'true'],
    ['n', 'false'],
    ['prefill', 'true'],
  ] as const)
    expect((await asks(leaf, capability)).found).toBe(found)
  expect(leaf.known('any')).toEqual(can)
  expect(upstream.asked).toEqual([])
  await draw(leaf.model('m', caller()), question, { n: 2 })
  expect(bodies(upstream).map(({ n }) => n)).toEqual([undefined, undefined])
})

const builtIn = (serve: (request: Request) => Promise<Response>, own = true) => {
  const sent: string[] = []
  const hidden = () => Response.json({ data: [] })
  const fetch = (url: string, init: RequestInit) => {
    sent.push(url.split('/v1')[1]!)
    return !own && url.endsWith('/models') ? Promise.resolve(hidden()) : serve(new Request(url, init))
  }
  return { sent, leaf: leafOf(fetchTransport(fetch, { baseUrl: 'http://model/v1', timeoutMs: 10_000 })) }
}

describe.each([
  { name: 'tiny-r1', serve: babbler },
  { name: 'demo', serve: demo() },
])('the built-in $name', ({ name, serve }) => {
  test('says what it can, so that nobody needs to ask', async () => {
    const { leaf, sent } = builtIn(serve)
    for (const capability of capabilities) await asks(leaf, capability, { name })
    expect(sent).toEqual(['/models'])
    expect(Object.keys(leaf.known(name)).sort()).toEqual([...capabilities].sort())
  })

  // Going on with a sentence about France needs a model that knows words.
  test.each(capabilities.filter((capability) => capability !== 'prefill' || name === 'demo'))(
    'passes the probe of %s for what it says',
    async (capability) => {
      const { leaf } = builtIn(serve)
      await asks(leaf, capability, { name })
      const { leaf: silent, sent } = builtIn(serve, false)
      await asks(silent, capability, { name })
      expect(sent).toContain('/chat/completions')
      expect(silent.known(name)[capability]).toBe(leaf.known(name)[capability])
    },
  )
})

describe('UPSTREAM_CAN', () => {
  test.each([
    ['logprobs,prefill:deepseek,-n', { logprobs: true, prefill: 'deepseek', n: false }],
    ['prefill -tools  effort', { prefill: 'vllm', tools: false, effort: true }],
    ['-prefill', { prefill: false }],
    ['', {}],
  ])('%j is read', (text, can) => {
    expect(mainOf(readConfig({ UPSTREAM_CAN: text })).dialect.can).toEqual(can)
  })

  test.each(['fly', 'n:vllm', '-prefill:vllm', 'prefill:openai', '+n'])(
    '%j is refused, with what is allowed',
    (text) => {
      expect(() => readCan([text])).toThrow(/is none of n, logprobs, prefill, effort, tools/)
      expect(() => readConfig({ UPSTREAM_CAN: text })).toThrow('UPSTREAM_CAN')
    },
  )

  test('has a word for every capability', () => {
    expect(readCan(capabilities)).toEqual({ n: true, logprobs: true, prefill: 'vllm', effort: true, tools: true })
  })
})
