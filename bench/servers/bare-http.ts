/** The least that relays with `node:http` and keep-alive: what Mull is measured against. */
import { Agent, request } from 'node:http'
import { type HttpBindings, serve } from '@hono/node-server'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import { Hono } from 'hono'

const upstream = new URL(process.env['UPSTREAM_BASE_URL']!)
const agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY })

const app = new Hono<{ Bindings: HttpBindings }>().post('/v1/chat/completions', async (c) => {
  const { incoming, outgoing } = c.env
  const body = Buffer.from(await c.req.arrayBuffer())
  const headers = { 'content-type': incoming.headers['content-type'], 'content-length': body.length }
  const path = `${upstream.pathname}/chat/completions`
  await new Promise<void>((resolve, reject) => {
    const call = request(
      { agent, method: 'POST', host: upstream.hostname, port: upstream.port, path, headers },
      (reply) => {
        outgoing.writeHead(reply.statusCode!, reply.headers)
        reply.pipe(outgoing)
        resolve()
      },
    )
    call.once('error', reject)
    outgoing.once('close', () => call.destroy())
    call.end(body)
  })
  return RESPONSE_ALREADY_SENT
})

serve({ fetch: app.fetch as never, port: Number(process.env['PORT']), hostname: '127.0.0.1' })
