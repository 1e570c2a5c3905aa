import type { Context } from 'hono'
import { BadRequest, cancelled, execute, type Limits } from '#core'
import { readBody } from './body.ts'
import type { Caller, Engine, HttpOptions } from './engine.ts'
import { recipeInSight } from './recipe-in-sight.ts'
import { relay } from './relay.ts'
import { plainReply } from './reply.ts'
import { Speech } from './speech.ts'
import { streamedReply } from './streamed.ts'
import { readAddress, readChat } from './wire.ts'

/** `POST /v1/chat/completions`: handed through as it is, or answered by a recipe. Rejects with what went wrong. */
export async function chat(c: Context, engine: Engine, options: HttpOptions, caller: Caller): Promise<Response> {
  const bytes = await readBody(c, options.maxBodyBytes)
  const header = c.req.header('x-mull-strategy')
  if (header === undefined && !engine.renames && !recipeInSight(bytes)) return relay(c, engine, caller, bytes)
  const written = parse(bytes)
  const body = await engine.translated(written, caller)
  const { model, strategy, extension } = readAddress(body)
  let plan = await engine.plan(model, oneOf(strategy, header), caller)
  // A budget or a form of thinking asks for our answer, though for no more compute.
  if (plan.kind === 'relay' && (extension?.budget || extension?.think)) plan = await engine.plan(model, 'none', caller)
  if (plan.kind === 'relay') {
    const untouched = body === written && plan.model === model && !extension
    return relay(c, engine, caller, untouched ? bytes : encode({ ...body, model: plan.model, mull: undefined }))
  }

  const { prompt, stream, includeUsage, n, budget, think = options.think } = readChat(body)
  const left = new AbortController()
  const leave = () => left.abort(cancelled('The client left.'))
  const { signal } = c.req.raw
  if (signal.aborted) leave()
  signal.addEventListener('abort', leave, { once: true })
  const limits = tighter(options.limits, budget)
  const execution = execute(plan.model, prompt, { ...plan.context, limits, signal: left.signal })
  const { recipe } = plan
  const speech = new Speech(execution, recipe)
  const telling = { speech, id: crypto.randomUUID(), model: String(written['model']), recipe, think, n, includeUsage }
  return stream ? streamedReply(telling, options.keepAliveMs, leave) : plainReply(telling)
}

const utf8 = new TextDecoder()

const encode = (body: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(body))

function parse(bytes: Uint8Array): Record<string, unknown> {
  try {
    const body: unknown = JSON.parse(utf8.decode(bytes))
    if (typeof body === 'object' && body !== null) return body as Record<string, unknown>
  } catch {}
  throw new BadRequest(
    'The body is not a JSON object. A chat request is {"model": "…", "messages": [{"role": "user", …}]}.',
  )
}

/** The header and the body are equal ways in; two different recipes at once are a mistake somewhere. */
function oneOf(body: string | undefined, header: string | undefined): string | undefined {
  if (body !== undefined && header !== undefined && body !== header)
    throw new BadRequest(
      `mull.strategy is "${body}" and the header x-mull-strategy is "${header}"; give one of them.`,
      {
        param: 'mull.strategy',
      },
    )
  return body ?? header
}

/** The operator's ceiling and the client's own budget: of each limit the smaller one. */
function tighter(ceiling: Limits, budget: Limits): Limits {
  const limits: Record<string, number> = { ...ceiling }
  for (const [limit, value] of Object.entries(budget)) limits[limit] = Math.min(value, limits[limit] ?? Infinity)
  return limits
}
