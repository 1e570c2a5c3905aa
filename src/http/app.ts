import type { Context } from 'hono'
import { Hono } from 'hono/tiny'
import { getPath } from 'hono/utils/url'
import { MullError } from '#core'
import { answer } from './answer.ts'
import { arrivalOf, type Whole } from './arrival.ts'
import type { Door } from './door.ts'
import { chat } from './doors/chat/door.ts'
import { completions } from './doors/completions/door.ts'
import { messages } from './doors/messages/door.ts'
import { responses } from './doors/responses/door.ts'
import { elsewhere } from './elsewhere.ts'
import type { Engine, HttpOptions } from './engine.ts'
import { failureResponse } from './failure.ts'
import { Looked } from './looked.ts'
import { listModels, retrieveModel } from './models.ts'
import { pagesMayAsk } from './pages.ts'
import { relay } from './relay.ts'
import { followed, type Serve, served } from './serving.ts'
import { followTrace, listTraces, readTrace } from './traces/routes.ts'
import type { Place } from './watching/watch.ts'

/** What a runtime serves; `env` is what it gives a request along. */
export type App = { fetch(request: Request, env?: unknown): Response | Promise<Response> }

/** The whole HTTP surface, on any runtime. Only what a browser sends has an origin, and only that goes through CORS. */
export function createApp(engine: Engine, options: HttpOptions): App {
  const doors = doorsOf(engine, options)
  const others = routes(engine, options)
  const forPages = new Hono().use(pagesMayAsk()).all('*', (c) => api(c.req.raw, c.env, true))
  return { fetch: (request, env = {}) => api(request, env) }

  // A router costs as much as all else that is done for a request that is handed through.
  function api(request: Request, env: unknown, fromPages = false): Response | Promise<Response> {
    const door = request.method === 'POST' ? doors.get(getPath(request)) : undefined
    const asked = door ? new Looked(request) : request
    if (!fromPages && asked.headers.has('origin')) return forPages.fetch(request, env as object)
    return door ? door({ request: asked, env }) : others.fetch(request, env as object)
  }
}

/**
 *     POST /v1/chat/completions   a relay, or a recipe's answer
 *     POST /v1/messages           the same in Anthropic's form
 *     POST /v1/responses          the same in the form of OpenAI's Responses
 *     POST /v1/completions        the same in OpenAI's legacy form
 *     GET  /v1/models             what can be asked for, models with strategies among them
 *     GET  /v1/traces             the last requests; /v1/traces/:id has all of one, /v1/traces/:id/events follows it
 *     ALL  /v1/*                  relayed
 *     GET  /v1/key                what the key may use, and what is left to it
 *     GET  /v1/strategies         what recipes can be made of, with options and costs
 *     GET  /metrics               figures for Prometheus, where they are counted
 *     GET  /health                whether this process serves, and how its upstream's replicas are
 */
function routes(engine: Engine, options: HttpOptions): Hono {
  const api = new Hono()

  api.onError((error) => failureResponse(error))

  api.get('/health', (c) => c.json({ status: 'ok', upstream: options.upstream, replicas: options.replicas?.() }))
  api.get(
    '/v1/models',
    asked('models', async (_, caller) => listModels(engine, caller)),
  )
  api.get(
    '/v1/models/:id{.+}',
    asked('models', async (c, caller, following, entry) => {
      const known = await retrieveModel(engine, c.req.param('id')!, caller)
      return known ?? relay(arrivalOf(c), engine, caller, following, { entry })
    }),
  )
  api.get(
    '/v1/strategies',
    asked('strategies', async (c) => c.json({ object: 'list', data: engine.catalogue() })),
  )
  // Without keys of ours it is the upstream's to know.
  if (options.identify)
    api.get(
      '/v1/key',
      asked('key', async (c, { holder }) => c.json({ object: 'key', ...(await holder!.told()) })),
    )
  api.get(
    '/v1/traces',
    asked('traces', async (c, caller) => listTraces(c, options.traces, caller)),
  )
  api.get(
    '/v1/traces/:id',
    asked('traces', async (c, caller) => readTrace(c, options.traces, caller)),
  )
  api.get(
    '/v1/traces/:id/events',
    asked('traces', async (c, caller) => followTrace(c, options.traces, caller, options.keepAliveMs)),
  )
  if (options.metrics)
    api.get(
      '/metrics',
      options.metrics.open ? (c) => followed(arrivalOf(c), 'metrics', options, figures) : asked('metrics', figures),
    )
  // As routes they would match what the others match, and Hono goes through all that match one after another.
  const relaying = asked('relay', (c, caller, following, entry) =>
    elsewhere(arrivalOf(c), engine, options, caller, following, entry),
  )
  const unknown = (c: Context) =>
    followed(arrivalOf(c), 'unknown', options, async () => {
      throw unknownPath(c)
    })
  api.notFound((c) => (c.req.path.startsWith('/v1/') ? relaying(c) : unknown(c)))

  return api

  async function figures(): Promise<Response> {
    const { contentType, text } = options.metrics!
    return new Response(await text(), { headers: { 'content-type': contentType } })
  }

  /** A path at which whoever may ask is answered. */
  function asked(place: Place, reply: Reply) {
    return (c: Context) =>
      served(arrivalOf(c), place, options, (caller, following, entry) => reply(c, caller, following, entry))
  }
}

/** What answers at each of the doors, by its path. */
function doorsOf(engine: Engine, options: HttpOptions) {
  const doors = new Map<string, (arrival: Whole) => Promise<Response>>()
  open('chat', chat)
  open('messages', messages)
  open('responses', responses)
  open('completions', completions)
  return doors

  function open<Form>(place: Place, door: Door<Form>): void {
    doors.set(`/v1${door.path}`, (arrival) => {
      const serve: Serve = (caller, following, entry) =>
        answer(arrival, door, engine, options, caller, following, entry)
      return served(arrival, place, options, serve, door.failure)
    })
  }
}

type Reply = (c: Context, ...asked: Parameters<Serve>) => Promise<Response>

const unknownPath = ({ req: { method, path } }: Context) =>
  new MullError('unknown_url', `There is no ${method} ${path} here. The API begins at /v1.`, 404, {
    type: 'invalid_request_error',
  })
