import { once } from 'node:events'
import { createServer as createHttps } from 'node:https'
import { createServer } from 'node:net'
import tls from 'node:tls'
import { afterEach, expect, test } from 'vitest'
import { nodeTransport } from '../../src/node/transport.ts'
import { selfSigned } from '../helpers/certificate.ts'
import { caller, chunk, drawOne, leafOf, overNode, sse } from './leaf.ts'

const trusted = tls.getCACertificates('default')
afterEach(() => tls.setDefaultCACertificates(trusted))

const { key, cert } = selfSigned()

async function encrypted() {
  const asked: (string | undefined)[] = []
  const server = createHttps({ key, cert }, (request, response) => {
    asked.push(request.headers.authorization)
    response.end(sse(chunk({ content: 'ok' }, 'stop'), '[DONE]').join(''))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as { port: number }
  return { url: `https://127.0.0.1:${port}/v1`, asked, [Symbol.dispose]: () => void server.close() }
}

test('an upstream over TLS is asked, with its certificate checked', async () => {
  using upstream = await encrypted()
  tls.setDefaultCACertificates([...trusted, cert])
  const model = leafOf(overNode(upstream.url)).model('m', caller({}, 'key'))
  expect(await drawOne(model)).toMatchObject({ text: 'ok' })
  expect(upstream.asked).toEqual(['Bearer key'])
})

test('an upstream whose certificate is not to be trusted is never told the key', async () => {
  using upstream = await encrypted()
  const failed = await drawOne(leafOf(overNode(upstream.url)).model('m', caller({}, 'key'))).catch((error) => error)
  expect(failed).toMatchObject({ code: 'upstream_unreachable', status: 502 })
  expect(failed.message).not.toMatch(/127\.0\.0\.1|certificate|key/)
  expect(upstream.asked).toEqual([])
})

test('an upstream that accepts and then says nothing of its encryption is out of reach', async () => {
  const server = createServer(() => {})
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as { port: number }
  const transport = nodeTransport({ baseUrl: `https://127.0.0.1:${port}/v1`, timeoutMs: 10_000, connectMs: 50 })
  await expect(drawOne(leafOf(transport).model('m', caller()))).rejects.toMatchObject({ code: 'upstream_unreachable' })
  server.close()
})
