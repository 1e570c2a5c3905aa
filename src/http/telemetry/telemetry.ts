import type { Beginning, Ending, Planned, Watcher } from '../watching/watch.ts'
import { contextOf, newSpanId, type Sampling, type TraceContext, traceparent } from './context.ts'
import { type SpanData, SpanKind, spanText, type Unsent } from './otlp.ts'
import type { Provider } from './provider.ts'
import { chatAttributes, Tree, usageAttributes } from './tree.ts'

export type TelemetryOptions = Sampling & {
  readonly provider: Provider
  /** Whether what was asked and answered is sent, too. */
  readonly content: boolean
  /** Takes spans for the collector. What it resolves to is waited for where the runtime would stop otherwise. */
  readonly send: (spans: readonly Unsent[]) => void | Promise<void>
}

/**
 * A trace of each request: the server's span; in it the call that is relayed, or the workflow with a span for each
 * strategy, sample and judgement. The upstream is told which of them it belongs to.
 */
export function telemetry(options: TelemetryOptions): Watcher {
  return (beginning) => {
    const context = contextOf(beginning.headers, beginning.id, options)
    const ids = new Map<string, string>()
    const idOf = (path: string) => {
      const id = ids.get(path) ?? newSpanId()
      ids.set(path, id)
      return id
    }
    const carried = (path: string) => ({ traceparent: traceparent(context, idOf(path)) })
    if (!context.sampled) return { carried }
    const tree = new Tree(options.provider, options.content)
    let caller: string | undefined
    let plan: Planned | undefined
    return {
      carried,
      identified(name) {
        caller = name
      },
      planned(known) {
        plan = known
      },
      heard: (event) => tree.hear(event),
      ended(ending) {
        const { at, method, path, requestId } = beginning
        const seen = { beginning: { at, method, path, requestId }, context, plan, caller, ending }
        if (plan?.relayed) return options.send(relaySpans(seen, idOf(''), options.provider))
        const place = (path: string, parent: string) => ({
          traceId: context.traceId,
          spanId: idOf(path),
          parentSpanId: idOf(parent || server),
        })
        const inside = tree.spans(place, workflowOf(seen, options.content), beginning.at + ending.ms)
        return options.send([{ ...serverOf(seen), spanId: idOf(server) }, ...inside].map(spanText))
      },
    }
  }
}

/** No path of the core's is called that. */
const server = 'server'

type Seen = {
  readonly beginning: Pick<Beginning, 'at' | 'method' | 'path' | 'requestId'>
  readonly context: TraceContext
  readonly plan: Planned | undefined
  readonly caller: string | undefined
  readonly ending: Ending
}

/**
 * The two of a relay, to be written when they are sent: many at a time, and in none of the next request's. They hold on to
 * nothing of the request but what they say.
 */
function relaySpans(seen: Seen, call: string, provider: Provider): Unsent[] {
  const { traceId } = seen.context
  const outer = newSpanId()
  return [
    () => spanText({ ...serverOf(seen), spanId: outer }),
    () => spanText({ ...callOf(seen, provider), traceId, spanId: call, parentSpanId: outer }),
  ]
}

function serverOf({ beginning, context, caller, ending }: Seen): Omit<SpanData, 'spanId'> {
  const { at, method, path, requestId } = beginning
  const { status, outcome, code, ms } = ending
  return {
    traceId: context.traceId,
    parentSpanId: context.parentId,
    name: `${method} ${path}`,
    kind: SpanKind.server,
    start: at,
    end: at + ms,
    attributes: {
      'http.request.method': method,
      'url.path': path,
      'http.response.status_code': status,
      'error.type': outcome === 'failed' ? (code ?? String(status)) : undefined,
      'mull.outcome': outcome,
      'mull.request_id': requestId,
      'mull.caller': caller,
    },
    error: outcome === 'failed' && status >= 500 ? (code ?? String(status)) : undefined,
  }
}

/** What the conventions call what is asked at a path; undefined for what they have no word for. */
const operations: Readonly<Record<string, string>> = {
  '/v1/chat/completions': 'chat',
  '/v1/messages': 'chat',
  '/v1/responses': 'chat',
  '/v1/completions': 'text_completion',
  '/v1/embeddings': 'embeddings',
}

function callOf({ beginning: { at, path }, plan, ending }: Seen, provider: Provider) {
  const { ms, upstreamMs, firstMs, streamed, outcome, status } = ending
  const failed = outcome === 'failed' ? String(status) : undefined
  const operation = operations[path]
  return {
    name: [operation ?? 'relay', plan?.model].filter(Boolean).join(' '),
    kind: SpanKind.client,
    start: at + ms - upstreamMs,
    end: at + ms,
    attributes: {
      ...chatAttributes(provider, plan?.model),
      'gen_ai.operation.name': operation,
      'gen_ai.request.stream': streamed,
      'gen_ai.response.time_to_first_chunk': streamed && firstMs !== undefined ? firstMs / 1000 : undefined,
      'http.response.status_code': status,
      'error.type': failed,
    },
    error: failed,
  }
}

function workflowOf({ plan, ending }: Seen, content: boolean) {
  const { spent, streamed, firstMs } = ending
  const name = plan?.recipe ?? plan?.model ?? ''
  return {
    name: `invoke_workflow ${name}`,
    attributes: {
      'gen_ai.operation.name': 'invoke_workflow',
      'gen_ai.workflow.name': name,
      'gen_ai.request.model': plan?.model,
      'gen_ai.request.stream': streamed,
      'gen_ai.response.time_to_first_chunk': streamed && firstMs !== undefined ? firstMs / 1000 : undefined,
      ...(spent && usageAttributes(spent.usage)),
      'mull.calls': spent?.calls,
      'mull.upstream_requests': spent?.requests,
      'mull.retries': spent?.retries,
      'mull.agreement': spent?.agreement,
      'mull.samples.done': spent?.samples.done,
      'mull.samples.failed': spent?.samples.failed,
      'mull.samples.cancelled': spent?.samples.cancelled,
      'gen_ai.input.messages': content && plan?.messages ? JSON.stringify(plan.messages) : undefined,
    },
  }
}
