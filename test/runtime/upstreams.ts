import { describe, expect, test } from 'vitest'
import { posted, type StartWith, severally } from '../helpers/several.ts'
import type { Upstream } from '../helpers/upstream.ts'
import { ask } from './proxy.ts'

/** Several upstreams behind one Mull. */
export function upstreamTests(runtime: string, start: StartWith): void {
  const stage = severally(start)
  const answering = (text: string) => () => ({ text })
  const said = async (reply: Response) =>
    ((await reply.json()) as { choices: [{ message: { content: string } }] }).choices[0].message.content

  describe(`several upstreams, ${runtime}`, () => {
    test('a model goes to the upstream that serves it, by name, by pattern, by prefix, or by its list', async () => {
      const { a, b, c, post } = await stage(
        { a: answering('a'), b: answering('b'), c: answering('c') },
        ({ a, b, c }) => ({
          upstreams: {
            a: { url: a, serves: ['r1', 'shared'] },
            b: { url: b, serves: { 'gpt-*': 'openai/gpt-*', shared: 'shared', short: 'long' } },
            c: { url: c },
          },
        }),
      )
      const answers = async (model: string) => said(await post(ask(model)))
      expect(await answers('r1')).toBe('a')
      expect(await answers('shared')).toBe('a')
      expect(await answers('b/shared')).toBe('b')
      expect(await answers('gpt-4o')).toBe('b')
      expect(await answers('short')).toBe('b')
      expect(await answers('whatever')).toBe('c')
      expect(await answers('c/r1')).toBe('c')
      expect(posted(b).map(({ json }) => json!.model)).toEqual(['shared', 'openai/gpt-4o', 'long'])
      expect(posted(c).map(({ json }) => json!.model)).toEqual(['whatever', 'r1'])
      expect(posted(a)).toHaveLength(2)
    })

    test('servers of the same models may have keys and headers of their own, by weight, at one address, too', async () => {
      const { a, b, url, post } = await stage({ a: answering('a'), b: answering('b') }, ({ a, b }) => ({
        upstreams: {
          main: {
            url: [
              { url: a, key: 'sk-first', weight: 3 },
              { url: a, key: 'sk-second' },
              { url: b, key: 'sk-third', headers: { 'X-Team': 'own' } },
            ],
            key: 'sk-all',
            headers: { 'x-team': 'all' },
          },
        },
      }))
      const replies = []
      for (let turn = 0; turn < 10; turn++) replies.push(await post(ask(turn % 2 ? 'r1' : 'r1+none')))
      expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([200]))
      const seen = (at: Upstream) => posted(at).map(({ headers }) => `${headers['authorization']} ${headers['x-team']}`)
      const times = (at: Upstream, what: string) => seen(at).filter((one) => one === what).length
      expect([times(a, 'Bearer sk-first all'), times(a, 'Bearer sk-second all')]).toEqual([6, 2])
      expect(seen(b)).toEqual(Array(2).fill('Bearer sk-third own'))
      const health = await (await fetch(`${url}/health`)).text()
      expect(JSON.parse(health).replicas.map(({ url }: { url: string }) => url)).toEqual([a.url, `${a.url}#2`, b.url])
      expect(health).not.toContain('sk-')
    })

    test.each([401, 403, 429])('a key of its own that is answered %i is stood in for by the others', async (status) => {
      const { a, b, post } = await stage(
        { a: () => ({ status, error: { message: 'not with this key' } }), b: answering('b') },
        ({ a, b }) => ({
          upstreams: { main: { url: [a, b].map((url) => ({ url, key: `sk-${url}` })), backoff: 1 } },
        }),
      )
      for (const model of ['r1', 'r1', 'r1+sc@3', 'r1+sc@3', 'r1']) expect(await said(await post(ask(model)))).toBe('b')
      expect(posted(a).length).toBeGreaterThan(0)
      b.reply(() => ({ status, error: { message: 'nor with this' } }))
      expect((await post(ask('r1'))).status).toBe(status)
    })

    test('a key of one server is not told by its refusal', async () => {
      const refusing = () => ({ status: 401, error: { message: 'Incorrect key: sk-own-secret.' } })
      const { post } = await stage({ a: refusing, b: refusing }, ({ a, b }) => ({
        upstreams: { main: { url: [a, b].map((url) => ({ url, key: 'sk-own-secret' })), retries: 0 } },
      }))
      for (const body of [ask('r1'), ask('r1+sc@2'), { ...ask('r1+sc@2'), stream: true }]) {
        const text = await (await post(body)).text()
        expect(text).toContain('Incorrect key')
        expect(text).not.toContain('secret')
      }
    })

    test('a relayed body is byte for byte as it came, but for a name that is another there', async () => {
      const { a, b, post } = await stage({ a: answering('a'), b: answering('b') }, ({ a, b }) => ({
        upstreams: { a: { url: a, serves: ['r1'] }, b: { url: b, serves: { short: 'lo"ng' } } },
      }))
      const body = (model: string) =>
        `{ "messages" : [{"role":"user","content":"\\"model\\":\\"x\\" ü"}],"model":"${model}" , "odd":1e2}`
      await post(body('r1'))
      await post(body('short'))
      expect(posted(a)[0]!.raw.toString()).toBe(body('r1'))
      expect(posted(b)[0]!.raw.toString()).toBe(body('lo\\"ng'))
    })

    test('where none is said to serve a model, it is looked for in their lists, and told of where it is in none', async () => {
      const { a, b, post, request } = await stage({ a: answering('a'), b: answering('b') }, ({ a, b }) => ({
        upstreams: { a: { url: a }, b: { url: b } },
      }))
      a.models = ['r1']
      b.models = ['qwen3:latest', 'gemma']
      expect(await said(await post(ask('gemma')))).toBe('b')
      expect(await said(await post(ask('qwen3')))).toBe('b')
      expect(await said(await post(ask('r1+sc@3')))).toBe('a')
      const missing = await post(ask('gema'))
      expect(missing.status).toBe(404)
      expect(await missing.json()).toMatchObject({
        error: { code: 'model_not_found', param: 'model', message: expect.stringContaining('Did you mean "gemma"?') },
      })
      expect((await post(ask('gema+sc@2'))).status).toBe(404)
      expect((await request('/models/gemma')).status).toBe(200)
      expect((await request('/models/gema')).status).toBe(404)
    })

    test('the models of all are one list; a name that two have is told with that of the second in front', async () => {
      const { a, b, c, models } = await stage(
        { a: answering('a'), b: answering('b'), c: answering('c') },
        ({ a, b, c }) => ({
          upstreams: { a: { url: a }, b: { url: b, serves: ['o*', 'extra'] }, c: { url: c } },
        }),
      )
      a.models = ['r1', 'o1']
      b.models = ['o1', 'o3', 'hidden']
      c.models = undefined
      expect(await models()).toEqual(['r1', 'o1', 'extra', 'b/o1', 'o3'])
    })

    test('each is asked with its own key and headers, and told the client’s key only where it may be', async () => {
      const { a, b, c, post } = await stage(
        { a: answering('a'), b: answering('b'), c: answering('c') },
        ({ a, b, c }) => ({
          upstreams: {
            a: { url: a, serves: ['a'], key: 'sk-a', headers: { 'X-Team': 'ours' } },
            b: { url: b, serves: ['b'] },
            c: { url: c, serves: ['c'], clientKey: true },
          },
        }),
      )
      for (const model of ['a', 'b', 'c'])
        for (const recipe of ['', '+sc@1']) await post(ask(model + recipe), undefined, { 'x-team': 'theirs' })
      const sent = ([a, b, c] as const).map((upstream) =>
        posted(upstream).map(({ headers }) => [headers['authorization'], headers['x-team']]),
      )
      expect(sent).toEqual([
        Array(2).fill(['Bearer sk-a', 'ours']),
        Array(2).fill([undefined, 'theirs']),
        Array(2).fill(['Bearer sk-client', 'theirs']),
      ])
    })

    test('a recipe may ask models of other upstreams, and an alias carries one', async () => {
      const { a, b, post } = await stage({ a: answering('1'), b: answering('2') }, ({ a, b }) => ({
        upstreams: { a: { url: a, serves: ['small'] }, b: { url: b, serves: ['large'] } },
        aliases: { smart: 'small+moa(models=[large,small])' },
      }))
      expect((await post(ask('smart'))).status).toBe(200)
      expect(new Set(posted(a).map(({ json }) => json!.model))).toEqual(new Set(['small']))
      expect(posted(b)[0]!.json!.model).toBe('large')
    })

    test('what is no question goes by its model, too, and what names none to the first', async () => {
      const { a, b, post, request } = await stage({ a: answering('a'), b: answering('b') }, ({ a, b }) => ({
        upstreams: { a: { url: a, serves: ['chat'] }, b: { url: b, serves: { embed: 'bge' } } },
      }))
      a.routes['GET /v1/files'] = { chunks: ['{"files":[]}'] }
      b.routes['POST /v1/embeddings'] = { chunks: ['{"data":[]}'] }
      expect(await (await post({ model: 'embed', input: 'x' }, '/embeddings')).json()).toEqual({ data: [] })
      expect(posted(b)[0]!.json).toEqual({ model: 'bge', input: 'x' })
      expect(await (await request('/files')).json()).toEqual({ files: [] })
    })

    test('a door that one of them lacks is answered through chat there, and relayed elsewhere', async () => {
      const { a, b, post } = await stage({ a: answering('hello'), b: answering('hello') }, ({ a, b }) => ({
        upstreams: { a: { url: a, serves: ['a'] }, b: { url: b, serves: ['b'] } },
      }))
      b.routes['POST /v1/messages'] = { chunks: ['{"type":"message"}'] }
      const message = (model: string) => post({ ...ask(model), max_tokens: 9 }, '/messages')
      for (let time = 0; time < 2; time++) {
        expect(await (await message('a')).json()).toMatchObject({ content: [{ text: 'hello' }] })
        expect(await (await message('b')).json()).toEqual({ type: 'message' })
      }
      expect(posted(a).map(({ path }) => path)).toEqual([
        '/v1/messages',
        '/v1/chat/completions',
        '/v1/chat/completions',
      ])
    })
  })
}
