import { type Context, Hono } from 'hono'
import { MullError } from '#core'
import { callerOf } from './auth.ts'
import { limitBody } from './body.ts'
import { chat } from './chat.ts'
import type { Engine, HttpOptions } from './engine.ts'
import { failureResponse } from './failure.ts'
import { listModels, retrieveModel } from './models.ts'
import { pagesMayAsk } from './pages.ts'
import { relay } from './relay.ts'

/**
 * The whole HTTP surface, on any runtime:
 *
 *     POST /v1/chat/completions   a relay, or a recipe's answer
 *     GET  /v1/models             what can be asked for, models with strategies among them
 *     ALL  /v1/*                  relayed
 *     GET  /health                whether this process serves
 */
export function createApp(engine: Engine, options: HttpOptions): Hono {
  const app = new Hono()
  const caller = (c: Context) => callerOf(c.req.raw.headers, options)

  app.onError((error, c) => (c.req.raw.signal.aborted ? new Response(null) : failureResponse(error)))
  app.notFound((c) => failureResponse(unknownPath(c.req.method, c.req.path)))
  app.use(pagesMayAsk)

  app.get('/health', (c) => c.json({ status: 'ok', upstream: options.upstream }))
  app.post('/v1/chat/completions', limitBody(options.maxBodyBytes), async (c) =>
    chat(c, engine, options, await caller(c)),
  )
  app.get('/v1/models', async (c) => listModels(engine, await caller(c)))
  app.get('/v1/models/:id{.+}', async (c) => {
    const asking = await caller(c)
    return (await retrieveModel(engine, c.req.param('id'), asking)) ?? relay(c, engine, asking)
  })
  app.all('/v1/*', async (c) => relay(c, engine, await caller(c)))

  return app
}

const unknownPath = (method: string, path: string) =>
  new MullError('unknown_url', `There is no ${method} ${path} here. The API begins at /v1.`, 404, {
    type: 'invalid_request_error',
  })
