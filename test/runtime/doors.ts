import { beforeEach, describe, expect, test } from 'vitest'
import { ask, inTurn, type Stage } from './proxy.ts'

const doors = [
  { path: '/messages', body: { ...ask('r1'), max_tokens: 10 } },
  { path: '/responses', body: { model: 'r1', input: 'How much is 6 times 7?' } },
  { path: '/completions', body: { model: 'r1', prompt: 'How much is 6 times 7?' } },
] as const

/** What holds for every door but that of chat completions. To be run on a stage of its own, where no path was asked for before. */
export function doorTests(on: Stage): void {
  describe.each(doors)('$path', ({ path, body }) => {
    const route = `POST /v1${path}`
    const post = (body: object, headers: Record<string, string> = {}) => on.post(body, headers, undefined, path)
    const asked = (at: string) => on.upstream.asked.filter((request) => request.path === at)

    beforeEach(() => on.upstream.reply(inTurn('42')))

    test('an upstream that has the path itself gets the request byte for byte, and so does the client the reply', async () => {
      const reply = '{"odd":  "spacing\\u00e9"}\n'
      on.upstream.routes = { [route]: { status: 207, headers: { 'x-upstream': 'yes' }, chunks: [reply] } }
      const sent = JSON.stringify(body).replace(':', ' :  ')
      const response = await fetch(`${on.url}/v1${path}?beta=true`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-api-key': 'sk-own', 'anthropic-version': '2023-06-01' },
        body: sent,
      })
      expect(response.status).toBe(207)
      expect(response.headers.get('x-upstream')).toBe('yes')
      expect(await response.text()).toBe(reply)
      const { raw, headers, path: at } = on.upstream.asked.at(-1)!
      expect(raw.toString()).toBe(sent)
      expect(at).toBe(`/v1${path}?beta=true`)
      expect(headers).toMatchObject({ 'x-api-key': 'sk-own', 'anthropic-version': '2023-06-01' })
      expect(headers).not.toHaveProperty('authorization')
    })

    test('a plus sign elsewhere than in the model’s name changes nothing', async () => {
      on.upstream.routes = { [route]: { chunks: ['{"its":"own"}'] } }
      const sent = JSON.stringify({ ...body, user: '1+1' }).replace(':', ' :  ')
      const headers = { 'content-type': 'application/json' }
      const response = await fetch(`${on.url}/v1${path}`, { method: 'POST', headers, body: sent })
      expect(await response.text()).toBe('{"its":"own"}')
      expect(on.upstream.asked.at(-1)!.raw.toString()).toBe(sent)
    })

    test('its own errors go through', async () => {
      on.upstream.routes = { [route]: { status: 418, chunks: ['{"teapot":true}'] } }
      const response = await post(body)
      expect(response.status).toBe(418)
      expect(await response.text()).toBe('{"teapot":true}')
    })

    test('a recipe never goes there', async () => {
      on.upstream.routes = { [route]: { chunks: ['{}'] } }
      for (const [asks, headers] of [
        [{ ...body, model: 'r1+sc@2' }, {}],
        [{ ...body, mull: { strategy: 'sc@2' } }, {}],
        [body, { 'x-mull-strategy': 'sc@2' }],
      ] as const)
        expect(await (await post(asks, headers)).json()).toMatchObject({ mull: { calls: 2 } })
      expect(asked(`/v1${path}`)).toEqual([])
    })

    test('a model that chat completions do not know either is not found, and the path is asked for again', async () => {
      on.upstream.reply(() => ({ status: 404, error: { message: 'The model `r1` does not exist.' } }))
      for (const user of ['1', '1+1']) {
        const response = await post({ ...body, user })
        expect(response.status).toBe(404)
        expect(await response.text()).toContain('The model `r1` does not exist.')
      }
      expect(asked(`/v1${path}`)).toHaveLength(2)
    })

    test('an upstream without the path answers through chat completions, and is not asked for it again', async () => {
      on.upstream.routes = { [route]: { status: 405, chunks: [''] } }
      for (const stream of [false, true, false]) {
        const response = await post({ ...body, stream })
        expect(response.status).toBe(200)
        expect(response.headers.get('x-request-id')).toMatch(/^[\w-]+$/)
        const text = await response.text()
        expect(text).toContain('42')
        expect(text).not.toContain('mull')
      }
      expect(asked(`/v1${path}`)).toHaveLength(1)
      expect(asked('/v1/chat/completions')).toHaveLength(3)
    })
  })
}
