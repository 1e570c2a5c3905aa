import { type Context, Hono } from 'hono'
import { MullError } from '#core'
import { answer } from './answer.ts'
import { callerOf } from './auth.ts'
import type { Door } from './door.ts'
import { chat } from './doors/chat/door.ts'
import { completions } from './doors/completions/door.ts'
import { messages } from './doors/messages/door.ts'
import { responses } from './doors/responses/door.ts'
import type { Engine, HttpOptions } from './engine.ts'
import { failureResponse } from './failure.ts'
import { listModels, retrieveModel } from './models.ts'
import { pagesMayAsk } from './pages.ts'
import { relay } from './relay.ts'

/** What a runtime serves; `env` is what it gives a request along. */
export type App = { fetch(request: Request, env?: unknown): Response | Promise<Response> }

/** The whole HTTP surface, on any runtime. Only what a browser sends has an origin, and only that goes through CORS. */
export function createApp(engine: Engine, options: HttpOptions): App {
  const api = routes(engine, options)
  const forPages = new Hono().use(pagesMayAsk()).route('/', api).notFound(unknownPath)
  return {
    fetch: (request, env = {}) => (request.headers.has('origin') ? forPages : api).fetch(request, env as object),
  }
}

/**
 *     POST /v1/chat/completions   a relay, or a recipe's answer
 *     POST /v1/messages           the same in Anthropic's form
 *     POST /v1/responses          the same in the form of OpenAI's Responses
 *     POST /v1/completions        the same in OpenAI's legacy form
 *     GET  /v1/models             what can be asked for, models with strategies among them
 *     ALL  /v1/*                  relayed
 *     GET  /v1/strategies         what recipes can be made of, with options and costs
 *     GET  /health                whether this process serves, and how its upstream's replicas are
 */
function routes(engine: Engine, options: HttpOptions): Hono {
  const api = new Hono()
  const caller = (c: Context) => callerOf(c.req.raw.headers, options)

  api.onError((error, c) => failed(c, error))
  api.notFound(unknownPath)

  api.get('/health', (c) => c.json({ status: 'ok', upstream: options.upstream, replicas: options.replicas?.() }))
  open(chat)
  open(messages)
  open(responses)
  open(completions)
  api.get('/v1/models', async (c) => listModels(engine, await caller(c)))
  api.get('/v1/models/:id{.+}', async (c) => {
    const asking = await caller(c)
    return (await retrieveModel(engine, c.req.param('id'), asking)) ?? relay(c, engine, asking)
  })
  api.get('/v1/strategies', async (c) => {
    await caller(c)
    return c.json({ object: 'list', data: engine.catalogue() })
  })
  api.all('/v1/*', async (c) => relay(c, engine, await caller(c)))

  return api

  function open<Form>(door: Door<Form>): void {
    api.post(`/v1${door.path}`, async (c) => {
      try {
        return await answer(c, door, engine, options, await caller(c))
      } catch (error) {
        return failed(c, error, door.failure)
      }
    })
  }
}

const failed = (c: Context, ...failure: Parameters<typeof failureResponse>) =>
  c.req.raw.signal.aborted ? new Response(null) : failureResponse(...failure)

const unknownPath = ({ req: { method, path } }: Context) =>
  failureResponse(
    new MullError('unknown_url', `There is no ${method} ${path} here. The API begins at /v1.`, 404, {
      type: 'invalid_request_error',
    }),
  )
