import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, describe, expect, test } from 'vitest'
import { execute, type Service, strategy } from '#core'
import { readConfig } from '../../src/config/index.ts'
import { servicesOf } from '../../src/services.ts'
import { about, gate, question, scripted, times } from '../helpers/scripted.ts'

type Handler = (request: IncomingMessage, response: ServerResponse, body: string) => unknown

const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

async function serve(handler: Handler): Promise<string> {
  const server = createServer(async (request, response) => handler(request, response, await text(request)))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closing.push(() => {
    server.close()
    server.closeAllConnections()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const json = (response: ServerResponse, body: unknown, status = 200, headers = {}) =>
  response.writeHead(status, headers).end(JSON.stringify(body))

const configured = (env: Record<string, string>, isolated = false) =>
  servicesOf(readConfig({ UPSTREAM_BACKOFF_MS: '1', ...env }), isolated)

/** Asks a service from inside a request. */
function ask<T>(
  work: (ask: Service['ask'], scope: Parameters<Service['ask']>[1]) => Promise<T>,
  service: Service,
  signal?: AbortSignal,
) {
  let found: T | undefined
  const wrapped = strategy('ask', about, {}, async (run) => run.answer())
  const model = scripted(['ok']).model
  const execution = execute(
    async (prompt, scope) => {
      found = await work(service.ask, scope)
      return wrapped()(model)(prompt, scope)
    },
    question('?'),
    signal ? { signal } : {},
  )
  return execution.result.then(() => found as T)
}

describe('a service', () => {
  test('is sent JSON with its key, and its JSON comes back', async () => {
    let seen: unknown
    const url = await serve((request, response, body) => {
      seen = [request.method, request.url, request.headers.authorization, request.headers['content-type'], body]
      json(response, { score: 1 })
    })
    const service = configured({ MULL_VERIFY_URL: `${url}/check?x=1`, MULL_VERIFY_API_KEY: 'sk-v' })('verify')
    expect(await ask((post, scope) => post({ a: 1 }, scope), service)).toEqual({ score: 1 })
    expect(seen).toEqual(['POST', '/check?x=1', 'Bearer sk-v', 'application/json', '{"a":1}'])
  })

  test.each([
    ['score', '/score'],
    ['classify', '/classify'],
    ['pooling', '/pooling'],
    ['rerank', '/v1/rerank'],
    ['openai', '/v1/chat/completions'],
  ])('of kind %s is asked at %s of a bare host', async (kind, path) => {
    let seen = ''
    const url = await serve((request, response) => {
      seen = request.url!
      json(response, {})
    })
    const service = configured({ MULL_REWARD_URL: url, MULL_REWARD_KIND: kind, MULL_REWARD_MODEL: 'm' })('reward')
    await ask((post, scope) => post({}, scope), service)
    expect([seen, service.kind, service.model]).toEqual([path, kind, 'm'])
  })

  test('that refuses keeps its status and when to come again, and says its name but not its key', async () => {
    const url = await serve((_request, response) =>
      json(response, { error: { message: 'The key sk-secret is wrong.' } }, 401, { 'retry-after': '7' }),
    )
    const service = configured({ MULL_REWARD_URL: url, MULL_REWARD_API_KEY: 'sk-secret' })('reward')
    const refused = ask((post, scope) => post({}, scope), service)
    await expect(refused).rejects.toMatchObject({
      status: 401,
      message: 'The reward model: The key … is wrong.',
      retryAfter: '7',
    })
  })

  test('is asked again where it may yet answer', async () => {
    let asked = 0
    const url = await serve((_request, response) => json(response, { asked: ++asked }, asked < 3 ? 503 : 200))
    const service = configured({ MULL_VERIFY_URL: url })('verify')
    expect(await ask((post, scope) => post({}, scope), service)).toEqual({ asked: 3 })
  })

  test.each([
    ['a page', (response: ServerResponse) => response.end('<html>'), 'The verifier sent something that is not JSON.'],
    [
      'elsewhere',
      (response: ServerResponse) => json(response, {}, 302, { location: 'http://x/' }),
      'The verifier redirects, which is not followed.',
    ],
    [
      'half a reply',
      (response: ServerResponse) =>
        response.writeHead(200, { 'content-length': '9' }).write('{', () => response.destroy()),
      'The verifier broke off its reply.',
    ],
  ])('that sends %s is at fault', async (_, reply, message) => {
    const url = await serve((_request, response) => reply(response))
    const service = configured({ MULL_VERIFY_URL: url, UPSTREAM_RETRIES: '0' })('verify')
    await expect(ask((post, scope) => post({}, scope), service)).rejects.toMatchObject({ status: 502, message })
  })

  test('that is not there is said to be out of reach, and its address is not', async () => {
    const service = configured({ MULL_VERIFY_URL: 'http://127.0.0.1:1', UPSTREAM_RETRIES: '0' })('verify')
    const failed = ask((post, scope) => post({}, scope), service)
    await expect(failed).rejects.toMatchObject({ status: 502, message: 'The verifier could not be reached.' })
  })

  test.each(['head', 'body'])('that never sends its %s is waited for so long', async (part) => {
    const url = await serve((_request, response) => (part === 'body' ? response.write('{') : undefined))
    const service = configured({ MULL_VERIFY_URL: url, MULL_SERVICE_TIMEOUT_MS: '50' })('verify')
    await expect(ask((post, scope) => post({}, scope), service)).rejects.toMatchObject({
      status: 504,
      message: expect.stringContaining('MULL_SERVICE_TIMEOUT_MS'),
    })
  })

  test('is left when the client leaves', async () => {
    const left = gate()
    const begun = gate()
    const url = await serve((request) => {
      begun.open()
      request.socket.once('close', () => left.open())
    })
    const client = new AbortController()
    const service = configured({ MULL_VERIFY_URL: url })('verify')
    const asked = ask((post, scope) => post({}, scope), service, client.signal)
    asked.catch(() => {})
    await begun.promise
    client.abort(new DOMException('The client left.', 'AbortError'))
    await expect(asked).rejects.toThrow('The client left.')
    await left.promise
  })

  test.each([false, true])('is asked no more than so many times at once (isolated: %s)', async (isolated) => {
    let [live, peak] = [0, 0]
    const url = await serve((_request, response) => {
      peak = Math.max(peak, ++live)
      setImmediate(() => {
        live--
        json(response, {})
      })
    })
    const service = configured({ MULL_VERIFY_URL: url, UPSTREAM_CONCURRENCY: '2' }, isolated)('verify')
    await ask((post, scope) => Promise.all(times(8, () => post({}, scope))), service)
    expect(peak).toBe(2)
  })
})

test.each([
  ['reward', 'MULL_REWARD_URL'],
  ['verify', 'MULL_VERIFY_URL'],
] as const)('the service %s that is not set up names %s', (name, variable) => {
  expect(() => configured({})(name)).toThrow(variable)
  expect(() => configured({})(name)).toThrow(expect.objectContaining({ code: 'invalid_recipe' }))
})
