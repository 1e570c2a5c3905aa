import { describe, expect, test } from 'vitest'
import { posted, type StartWith, severally } from '../helpers/several.ts'
import { ask } from './proxy.ts'

/** Models in whose place others stand. */
export function fallbackTests(runtime: string, start: StartWith): void {
  const stage = severally(start)
  const down = () => ({ status: 503, error: { message: 'down' } })
  const answering = (text: string) => () => ({ text })
  const chain = ({ a, b, c }: Record<'a' | 'b' | 'c', string>) => ({
    upstreams: {
      a: { url: a, serves: ['first'], backoff: 1 },
      b: { url: b, serves: { second: 'b-second' }, backoff: 1 },
      c: { url: c, serves: ['third'], backoff: 1 },
    },
    fallbacks: { first: ['second', 'third'] },
  })

  describe(`fallbacks, ${runtime}`, () => {
    test.each([503, 500, 429])(
      'a relay that is answered with %s goes on to the next, which says that it is',
      async (status) => {
        const refused = () => ({ status, error: { message: 'no' } })
        const { a, b, c, post } = await stage({ a: refused, b: answering('b'), c: answering('c') }, chain)
        for (const stream of [false, true]) {
          const reply = await post({ ...ask('first'), stream })
          expect(reply.status).toBe(200)
          expect(reply.headers.get('x-mull-model')).toBe('second')
          expect(await reply.text()).toContain('b-second')
        }
        expect(posted(b).map(({ json }) => json!.model)).toEqual(['b-second', 'b-second'])
        expect([posted(a).length, posted(c).length]).toEqual([2, 0])
      },
    )

    test('one that cannot be reached is passed over, and the last word is the last one’s', async () => {
      const { a, c, post } = await stage({ a: down, b: down, c: answering('c') }, chain)
      await a.close()
      expect((await post(ask('first'))).headers.get('x-mull-model')).toBe('third')
      c.reply(() => ({ status: 429, error: { message: 'the last' } }))
      const reply = await post(ask('first'))
      expect(reply.status).toBe(429)
      expect(await reply.text()).toContain('the last')
    })

    test('a mistake of the client’s, and a model without a fallback, go nowhere else', async () => {
      const { a, b, post } = await stage(
        { a: () => ({ status: 400, error: { message: 'bad' } }), b: down, c: down },
        chain,
      )
      expect((await post(ask('first'))).status).toBe(400)
      expect((await post(ask('first+sc@2'))).status).toBe(400)
      expect(posted(b)).toEqual([])
      const asked = posted(a).length
      expect((await post(ask('second'))).status).toBe(503)
      expect(posted(a)).toHaveLength(asked)
    })

    test('each sample of a recipe falls back by itself, after its further attempts, and the reply says so', async () => {
      const { a, post } = await stage({ a: down, b: answering('42'), c: down }, chain)
      const reply = await post(ask('first+sc@3'))
      expect(reply.status).toBe(200)
      expect(reply.headers.get('x-mull-model')).toBe('second')
      expect(await reply.json()).toMatchObject({
        model: 'second+self-consistency@3',
        mull: { fallbacks: { first: 'second' }, recipe: 'first+self-consistency@3' },
        choices: [{ message: { content: expect.stringContaining('42') } }],
      })
      expect(posted(a).length).toBeGreaterThanOrEqual(3)
      const streamed = await (await post({ ...ask('first+sc@3'), stream: true })).text()
      expect(streamed).toContain('"fallbacks":{"first":"second"}')
    })

    test('an answer that is heard is not begun again', async () => {
      const half = {
        raw: {
          headers: { 'content-type': 'text/event-stream' },
          chunks: ['data: {"choices":[{"index":0,"delta":{"content":"half"}}]}\n\n'],
          cut: true,
        },
      }
      const { b, post } = await stage({ a: () => half, b: answering('b'), c: down }, chain)
      const reply = await (await post({ ...ask('first'), stream: true, mull: { think: 'none' } })).text()
      expect(reply).toContain('half')
      expect(reply).toContain('upstream_cut')
      expect(posted(b)).toEqual([])
    })
  })
}
