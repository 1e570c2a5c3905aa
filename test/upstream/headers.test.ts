import { expect, test } from 'vitest'
import { relayed } from '../../src/upstream/headers.ts'
import { startUpstream } from '../helpers/upstream.ts'
import { caller, drawOne, leafOf, transports } from './leaf.ts'

const client = {
  authorization: 'Bearer client',
  'openai-organization': 'org',
  'x-vendor': 'kept',
  'x-stainless-lang': 'js',
  connection: 'keep-alive, x-secret-hop',
  'x-secret-hop': '1',
  'keep-alive': 'timeout=5',
  te: 'trailers',
  'proxy-authorization': 'Basic x',
  host: 'mull.example',
  expect: '100-continue',
  'content-length': '3',
  'content-type': 'text/plain',
  'content-encoding': 'br',
  'accept-encoding': 'br',
  'accept-language': 'de',
  'idempotency-key': 'once',
  'x-request-id': 'id',
  'x-mull-strategy': 'sc@16',
  'cf-connecting-ip': '10.0.0.1',
  'cf-aig-authorization': 'Bearer gateway',
}

for (const { name, to } of transports) {
  const headersFor = async (key: string | null | undefined) => {
    await using upstream = await startUpstream()
    await drawOne(leafOf(to(upstream.url)).model('m', caller(client, key)))
    return { headers: upstream.asked[0]!.headers, host: new URL(upstream.url).host }
  }

  test(`over ${name}, the client’s headers go along with every sample`, async () => {
    const { headers } = await headersFor(undefined)
    expect(headers).toMatchObject({
      authorization: 'Bearer client',
      'openai-organization': 'org',
      'x-vendor': 'kept',
      'x-stainless-lang': 'js',
      'cf-aig-authorization': 'Bearer gateway',
    })
  })

  test(`over ${name}, what is ours, of one connection or of one request stays here`, async () => {
    const { headers, host } = await headersFor(undefined)
    expect(headers.host).toBe(host)
    const dropped = ['x-mull-strategy', 'cf-connecting-ip', 'proxy-authorization', 'te', 'x-secret-hop', 'expect']
    const single = ['idempotency-key', 'x-request-id', 'content-encoding']
    for (const name of [...dropped, ...single]) expect(headers).not.toHaveProperty(name)
    expect(headers['content-length']).not.toBe('3')
    expect(headers['content-type']).toBe('application/json')
    expect(headers.accept).toBe('text/event-stream')
  })

  test(`over ${name}, caches on the way are told to let every sample through`, async () => {
    expect((await headersFor(undefined)).headers['cf-aig-skip-cache']).toBe('true')
  })

  test(`over ${name}, the upstream’s key takes the place of the client’s`, async () => {
    expect((await headersFor('upstream-key')).headers.authorization).toBe('Bearer upstream-key')
  })

  test(`over ${name}, a key of this proxy never goes upstream`, async () => {
    expect((await headersFor(null)).headers).not.toHaveProperty('authorization')
  })

  test(`over ${name}, a key that stands where Anthropic’s clients put it is used like any other`, async () => {
    const { authorization: _, ...others } = client
    const asked = async (key: string | null | undefined, headers: Record<string, string>) => {
      await using upstream = await startUpstream()
      await drawOne(leafOf(to(upstream.url)).model('m', caller({ ...headers, 'x-api-key': 'own' }, key)))
      return upstream.asked[0]!.headers
    }
    expect((await asked(undefined, others)).authorization).toBe('Bearer own')
    expect((await asked(undefined, client)).authorization).toBe('Bearer client')
    expect((await asked('upstream-key', others)).authorization).toBe('Bearer upstream-key')
    const ours = await asked(null, others)
    expect(JSON.stringify(ours)).not.toContain('own')
  })
}

test('a relayed request has the upstream’s key where the client’s was', () => {
  const given = [
    ['x-api-key', 'own'],
    ['x-vendor', 'kept'],
  ] as const
  expect(relayed(given, undefined)).toEqual(given)
  expect(relayed(given, null)).toEqual([['x-vendor', 'kept']])
  expect(Object.fromEntries(relayed(given, 'upstream-key'))).toEqual({
    'x-vendor': 'kept',
    authorization: 'Bearer upstream-key',
    'x-api-key': 'upstream-key',
  })
  expect(Object.fromEntries(relayed([['authorization', 'Bearer own']], 'upstream-key'))).toEqual({
    authorization: 'Bearer upstream-key',
  })
})
