import { expect, test } from 'vitest'
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
}
