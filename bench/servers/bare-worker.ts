/** The least that relays on Workers: what Mull is measured against. */
import { Hono } from 'hono'

const app = new Hono<{ Bindings: { UPSTREAM_BASE_URL: string } }>().post('/v1/chat/completions', async (c) => {
  const reply = await fetch(`${c.env.UPSTREAM_BASE_URL}/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': c.req.header('content-type')! },
    body: await c.req.arrayBuffer(),
    signal: c.req.raw.signal,
  })
  return new Response(reply.body, reply)
})

export default app
