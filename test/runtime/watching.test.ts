import { once } from 'node:events'
import { connect } from 'node:net'
import { describe, expect, test } from 'vitest'
import type { Ending, Planned } from '../../src/http/watching/watch.ts'
import { gate } from '../helpers/upstream.ts'
import { recorder, type Seen } from '../helpers/watcher.ts'
import { ask, inTurn, type Start, stage } from './proxy.ts'
import { onNode, onWorkerd } from './starts.ts'

/** What was seen of a request goes to the upstream, as something posted to /seen. */
const posting = ({ UPSTREAM_BASE_URL: upstream }: Record<string, string>) =>
  recorder(async (seen) => {
    await fetch(`${upstream}/seen`, { method: 'POST', body: JSON.stringify(seen) })
  })

describe('Node', () => watchingTests(onNode((env) => [posting(env)])))
describe('workerd', () => watchingTests(onWorkerd('test/helpers/watched-worker.ts')))

function watchingTests(start: Start): void {
  const on = stage(start)
  let requests = 0
  /** Makes a request that can be told from all others. */
  const post = async (body: object) => {
    const id = `request-${requests++}`
    return { id, response: await on.post(body, { 'x-request-id': id }) }
  }

  /** What was seen of a request, once it has ended. */
  async function seen(id: string): Promise<Seen> {
    const find = () =>
      on.upstream.asked
        .filter(({ path }) => path === '/v1/seen')
        .map(({ json }) => json as unknown as Seen)
        .find((told) => the<{ requestId: string }>('begun', told).requestId === id)
    await on.upstream.until(() => find() !== undefined)
    return find()!
  }
  const the = <T>(what: string, told: Seen) => told.find(([name]) => name === what)?.[1] as T
  const endingOf = (told: Seen) => the<Ending>('ended', told)

  test('a recipe is followed from its plan to what it spent', async () => {
    on.upstream.reply(inTurn('It is 42.', 'It is 42.', 'It is 41.', 'It is 42.'))
    const { id, response } = await post(ask('r1+sc@4'))
    expect(response.headers.get('x-request-id')).toBe(id)
    const told = await seen(id)
    const { id: own, ...beginning } = the<{ id: string }>('begun', told)
    expect(beginning).toMatchObject({ place: 'chat', method: 'POST', path: '/v1/chat/completions' })
    expect(await response.json()).toMatchObject({ id: `chatcmpl-${own}`, mull: { trace_id: own } })
    expect(the<Planned>('planned', told)).toMatchObject({
      model: 'r1+sc@4',
      recipe: 'r1+self-consistency@4',
      relayed: false,
    })
    const kinds = told.filter(([what]) => what === 'heard').map(([, event]) => (event as { type: string }).type)
    expect(kinds.filter((kind) => kind === 'span-start')).toHaveLength(6)
    expect(kinds.filter((kind) => kind === 'span-end')).toHaveLength(6)
    expect(kinds.filter((kind) => kind === 'votes')).toHaveLength(1)
    expect(endingOf(told)).toMatchObject({
      status: 200,
      outcome: 'answered',
      streamed: false,
      spent: {
        usage: { input: 10, output: 20 },
        calls: 4,
        requests: 1,
        retries: 0,
        samples: { done: 4, failed: 0, cancelled: 0 },
        agreement: 0.75,
      },
    })
    const { ms, firstMs, upstreamMs } = endingOf(told)
    expect(firstMs).toBeLessThanOrEqual(ms)
    expect(upstreamMs).toBeLessThanOrEqual(ms)
    expect(told.at(-1)![0]).toBe('ended')
  })

  test('what each sample took adds up to what the request took', async () => {
    on.upstream.reply(inTurn('It is 42.', 'It is 41 I think, or near it.'))
    const { id } = await post(ask('r1+sc@2'))
    const used = (await seen(id))
      .map(([, event]) => event as { type?: string; span: string; usage: { input: number; output: number } })
      .filter(({ type }) => type === 'usage')
    expect(new Set(used.map(({ span }) => span)).size).toBe(2)
    expect(used.reduce((sum, { usage }) => sum + usage.output, 0)).toBe(10)
    expect(used.reduce((sum, { usage }) => sum + usage.input, 0)).toBe(10)
  })

  test('what had to be asked again is counted', async () => {
    let call = 0
    on.upstream.reply(() => (call++ === 0 ? { status: 503, error: { message: 'busy' } } : { text: '42' }))
    const { id } = await post(ask('r1+sc@1'))
    expect(endingOf(await seen(id)).spent).toMatchObject({ calls: 1, requests: 2, retries: 1 })
  })

  test('a relay is followed, too, with the model that its body names', async () => {
    const { id, response } = await post(ask('r1'))
    await response.text()
    expect(response.headers.get('x-request-id')).toBe(id)
    const told = await seen(id)
    expect(the<Planned>('planned', told)).toMatchObject({ model: 'r1', relayed: true })
    expect(endingOf(told)).toMatchObject({ status: 200, outcome: 'answered', streamed: false })
    expect(endingOf(told).spent).toBeUndefined()
    expect(endingOf(told).upstreamMs).toBeGreaterThan(0)
  })

  test('a relayed stream ends when its last event is out', async () => {
    const held = gate()
    on.upstream.reply(() => ({ text: '42', holdAfter: { chunks: 1, gate: held } }))
    const { id, response } = await post({ ...ask('r1'), stream: true })
    const reader = response.body!.getReader()
    await reader.read()
    expect(on.upstream.asked).toHaveLength(1)
    held.open()
    while (!(await reader.read()).done);
    expect(endingOf(await seen(id))).toMatchObject({ status: 200, outcome: 'answered', streamed: true })
  })

  test("an upstream's own id of a relayed request is kept, and ours stands beside it", async () => {
    on.upstream.reply(() => ({ raw: { chunks: ['{}'], headers: { 'x-request-id': 'req_upstream' } } }))
    const { id, response } = await post(ask('r1'))
    expect(response.headers.get('x-request-id')).toBe('req_upstream')
    expect(response.headers.get('x-mull-request-id')).toBe(id)
  })

  test('an id that could forge a line of a log is not taken', async () => {
    for (const model of ['r1', 'r1+sc@2', 'r1+nope']) {
      const { headers } = await on.post(ask(model), { 'x-request-id': 'a b"c' })
      expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
    }
  })

  test('a request that cannot be understood has the code of its error', async () => {
    const { id, response } = await post(ask('r1+nope'))
    expect(response.status).toBe(400)
    expect(endingOf(await seen(id))).toMatchObject({ status: 400, outcome: 'failed', code: 'invalid_recipe' })
  })

  test.each([true, false])('what fails upstream has its code, whether it streams or not (%s)', async (stream) => {
    on.upstream.reply(() => ({ status: 501, error: { message: 'no', code: 'not_there' } }))
    const { id, response } = await post({ ...ask('r1+sc@2'), stream })
    expect(await response.text()).toContain('not_there')
    const status = stream ? 200 : 501
    expect(endingOf(await seen(id))).toMatchObject({ status, outcome: 'failed', code: 'not_there' })
  })

  test('a relayed refusal is a failure', async () => {
    on.upstream.reply(() => ({ status: 429, error: { message: 'slow down' } }))
    const { id, response } = await post(ask('r1'))
    await response.text()
    expect(endingOf(await seen(id))).toMatchObject({ status: 429, outcome: 'failed' })
  })

  test.each(['r1+sc@2', 'r1'])('a client that leaves is seen to leave: %s', async (model) => {
    const never = gate()
    on.upstream.reply(() => ({ choices: [{ text: 'a' }, { text: 'b' }], holdAfter: { chunks: 2, gate: never } }))
    const id = `leaving ${model}`.replace(/[ @]/g, '-')
    const body = JSON.stringify({ ...ask(model), stream: true })
    const { hostname, port } = new URL(on.url)
    const socket = connect(Number(port), hostname)
    socket.write(
      `POST /v1/chat/completions HTTP/1.1\r\nhost: ${hostname}\r\nx-request-id: ${id}\r\n` +
        `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    )
    await once(socket, 'data')
    await on.upstream.until(({ inFlight }) => inFlight > 0)
    socket.resetAndDestroy()
    const told = await seen(id)
    expect(endingOf(told)).toMatchObject({ status: 200, outcome: 'left', streamed: true })
    if (model !== 'r1') expect(endingOf(told).spent!.samples).toEqual({ done: 0, failed: 0, cancelled: 2 })
  })

  test('what is at no path of ours is seen, too, without the query', async () => {
    const headers = { 'x-request-id': 'lost' }
    const response = await fetch(`${on.url}/nowhere?key=secret`, { headers })
    expect(response.status).toBe(404)
    expect(response.headers.get('x-request-id')).toBe('lost')
    const told = await seen('lost')
    expect(the('begun', told)).toMatchObject({ place: 'unknown', path: '/nowhere', method: 'GET' })
    expect(endingOf(told)).toMatchObject({ status: 404, outcome: 'failed', code: 'unknown_url' })
  })
}
