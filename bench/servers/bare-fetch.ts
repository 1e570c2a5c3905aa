/** The least that relays with `fetch`: what Mull is measured against. */
import { serve } from '@hono/node-server'
import { Hono } from 'hono'

const upstream = process.env['UPSTREAM_BASE_URL']!

const app = new Hono().post('/v1/chat/completions', async (c) => {
  const { headers, signal } = c.req.raw
  const reply = await fetch(`${upstream}/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': headers.get('content-type')! },
    body: await c.req.arrayBuffer(),
    signal,
  })
  return new Response(reply.body, reply)
})

serve({ fetch: app.fetch, port: Number(process.env['PORT']), hostname: '127.0.0.1' })
