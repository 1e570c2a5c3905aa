import { afterEach, expect, test } from 'vitest'
import { type Asked, gate, startUpstream, type Upstream } from '../helpers/upstream.ts'
import { ask, type Served, type Start } from './proxy.ts'

/** Several servers behind one Mull. */
export function replicaTests(start: Start): void {
  const open: { close(): Promise<unknown> }[] = []
  afterEach(async () => {
    for (const one of open.splice(0).reverse()) await one.close().catch(() => {})
  })

  const stage = async (env: Record<string, string> = {}) => {
    const replicas = [await startUpstream(() => ({ text: 'a' })), await startUpstream(() => ({ text: 'b' }))] as const
    const [a, b] = replicas
    const mull: Served = await start({
      UPSTREAM_BASE_URL: `${a.url}, ${b.url};weight=2`,
      UPSTREAM_BACKOFF_MS: '1',
      // Each sample is a call of its own.
      UPSTREAM_CAN: '-n',
      ...env,
    })
    open.push(...replicas, mull)
    const post = async (model: string, more: object = {}) => {
      const response = await fetch(`${mull.url}/v1/chat/completions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: 'Bearer sk-client' },
        body: JSON.stringify({ ...ask(model), ...more }),
      })
      return { status: response.status, text: await response.text() }
    }
    const health = async () => (await fetch(`${mull.url}/health`)).json() as Promise<{ replicas: object[] }>
    return { a, b, post, health }
  }

  const chats = ({ asked }: Upstream) => asked.filter(({ path }) => path.endsWith('/chat/completions')).length

  test('the samples of one recipe and relays are spread by weight', async () => {
    const { a, b, post, health } = await stage()
    let answers = 0
    // No two agree, so that the vote is open to the end.
    for (const replica of [a, b]) replica.reply(() => ({ text: String(answers++) }))
    expect(await post('r1+sc@24')).toMatchObject({ status: 200 })
    expect(Math.abs(chats(a) - 8)).toBeLessThanOrEqual(2)
    expect(chats(a) + chats(b)).toBe(24)
    for (let time = 0; time < 24; time++) expect(await post('r1')).toMatchObject({ status: 200 })
    expect(Math.abs(chats(a) - 16)).toBeLessThanOrEqual(4)
    expect(await health()).toMatchObject({
      status: 'ok',
      upstream: `${a.url}, ${b.url}`,
      replicas: [
        { url: a.url, weight: 1, state: 'closed' },
        { url: b.url, weight: 2, state: 'closed' },
      ],
    })
  })

  test('one that is killed under load fails no request', async () => {
    const { a, b, post, health } = await stage()
    const held = gate()
    a.reply(() => ({ text: '42', hold: gate() }))
    b.reply(() => ({ text: '42', hold: held }))
    const replies = Array.from({ length: 50 }, (_, index) => post(index % 2 ? 'r1' : 'r1+sc@4'))
    await Promise.all([a, b].map((replica) => replica.until(() => chats(replica) >= 12)))
    await a.close()
    held.open()
    for (const { status, text } of await Promise.all(replies)) {
      expect(status).toBe(200)
      expect(text).toContain('42')
    }
    expect((await health()).replicas).toMatchObject([{ state: expect.stringMatching('open') }, { state: 'closed' }])
    for (let time = 0; time < 10; time++) expect(await post('r1')).toMatchObject({ status: 200 })
  })

  test('completions asked for at once are parted by weight, one request to each replica that is well', async () => {
    const { a, b, post } = await stage({ UPSTREAM_CAN: '' })
    const wanted = ({ asked }: Upstream) => asked.flatMap(({ json }) => json?.n ?? [])
    for (const replica of [a, b]) replica.reply(({ json }) => ({ choices: Array(json?.n ?? 1).fill({ text: '42' }) }))
    expect(await post('r1+sc@12')).toMatchObject({ status: 200 })
    expect([wanted(a), wanted(b)]).toEqual([[4], [8]])
    expect([chats(a), chats(b)]).toEqual([1, 1])
    await a.close()
    // What a would have answered moves on to b, and once a is known to be down it has no part. Where eight agree before a
    // is found to be gone, nothing was learned.
    for (let time = 0; wanted(b).at(-1) !== 12 && time < 40; time++)
      expect(await post('r1+sc@12')).toMatchObject({ status: 200 })
    expect(wanted(b).at(-1)).toBe(12)
  })

  test('one that is killed in the midst of its answers fails no request of a strategy, streamed or not', async () => {
    for (const can of ['-n', '']) {
      const { a, b, post } = await stage({ UPSTREAM_CAN: can })
      const held = gate()
      const answer = ({ json }: Asked) => ({
        choices: Array(json?.n ?? 1).fill({ text: '42', thinking: 'six sevens' }),
      })
      a.reply((asked) => ({ ...answer(asked), holdAfter: { chunks: 2, gate: gate() } }))
      b.reply((asked) => ({ ...answer(asked), hold: held }))
      const recipes = ['sc@4', 'bon@3(scorer=agreement)', 'self-refine', 'sc@2+sc@2', 'ac@4']
      const replies = recipes.flatMap((recipe) =>
        [false, true, false, true].map((stream) => post(`r1+${recipe}`, { stream })),
      )
      await Promise.all([a, b].map((replica) => replica.until(() => chats(replica) >= 12)))
      await a.close()
      held.open()
      for (const { status, text } of await Promise.all(replies)) {
        expect(status).toBe(200)
        expect(text).toContain('42')
        expect(text).not.toContain('"error"')
      }
    }
  })

  test('a relay of one that answers 503 goes on to another, and the last word is handed over as it came', async () => {
    const { a, b, post } = await stage()
    const busy = { raw: { status: 503, chunks: ['{"busy":  true}'] } }
    a.reply(() => busy)
    for (let time = 0; time < 6; time++) expect(await post('r1')).toMatchObject({ status: 200 })
    b.reply(() => busy)
    expect(await post('r1')).toEqual({ status: 503, text: '{"busy":  true}' })
  })

  test('a relay that breaks off is not begun again', async () => {
    const { a, b, post } = await stage()
    for (const replica of [a, b]) replica.reply(() => ({ raw: { chunks: ['{"half'], cut: true } }))
    await post('r1').catch(() => {})
    expect(chats(a) + chats(b)).toBe(1)
  })

  test('without further attempts a failure is told at once', async () => {
    const { a, b, post } = await stage({ UPSTREAM_RETRIES: '0' })
    for (const replica of [a, b]) replica.reply(() => ({ status: 503, error: { message: 'busy' } }))
    expect(await post('r1')).toMatchObject({ status: 503 })
    expect(chats(a) + chats(b)).toBe(1)
  })
}
