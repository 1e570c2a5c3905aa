import type { Context } from 'hono'
import { MullError } from '#core'
import type { Caller } from '../engine.ts'
import { event, eventStream, eventStreamHeaders } from '../sse.ts'
import type { Record } from './record.ts'
import type { Traces } from './traces.ts'

type Kept = Traces | undefined

/** `GET /v1/traces` */
export const listTraces = (c: Context, traces: Kept, { holder }: Caller): Response =>
  c.json({ object: 'list', data: readable(c, traces).list(holder?.name) })

/** `GET /v1/traces/:id` */
export const readTrace = (c: Context, traces: Kept, caller: Caller): Response =>
  c.json(recordOf(c, readable(c, traces), caller).whole)

/** `GET /v1/traces/:id/events`: what has happened, and what happens, until the request has ended. */
export function followTrace(c: Context, traces: Kept, caller: Caller, keepAliveMs: number): Response {
  const record = recordOf(c, readable(c, traces), caller)
  const left = new AbortController()
  const leave = () => left.abort()
  return new Response(eventStream(told(record, left.signal), keepAliveMs, leave), { headers: eventStreamHeaders })
}

async function* told(record: Record, signal: AbortSignal): AsyncGenerator<string> {
  for await (const happened of record.follow(signal)) yield event(happened)
  yield 'data: [DONE]\n\n'
}

/** Without a key to ask for, a page from elsewhere in the same browser could read what its user asked. */
function readable(c: Context, traces: Kept): Traces {
  if (!traces)
    throw new MullError('traces_off', 'No traces are kept here. MULL_TRACES=full or metadata keeps them.', 404, {
      type: 'invalid_request_error',
    })
  const origin = c.req.header('origin')
  if (origin !== undefined && !traces.options.guarded && origin !== new URL(c.req.url).origin)
    throw new MullError('foreign_page', 'Only a page of this origin may read traces where no key is asked for.', 403)
  return traces
}

function recordOf(c: Context, traces: Traces, { holder }: Caller): Record {
  const id = c.req.param('id')!
  const record = traces.find(id, holder?.name)
  if (record) return record
  const message = `There is no trace "${id.slice(0, 100)}". Only the last ${traces.options.entries} requests are kept (traces.entries), in this process's memory.`
  throw new MullError('trace_not_found', message, 404, { param: 'id', type: 'invalid_request_error' })
}
