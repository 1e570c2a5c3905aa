import type { Beginning, Ending, Planned } from '../watching/watch.ts'

export const levels = ['error', 'warn', 'info'] as const
export type Level = (typeof levels)[number]

/** What is known of a request once it has ended. */
export type Seen = {
  readonly beginning: Beginning
  readonly caller: string | undefined
  readonly plan: Planned | undefined
  readonly ending: Ending
}

/** A request as a line says it: nothing that was asked or said, and no header but its id. What is undefined is left out. */
export function entryOf({ beginning, caller, plan, ending }: Seen) {
  const { id, requestId, at, place, method, path } = beginning
  const { status, outcome, code, ms, firstMs, streamed, upstreamMs, spent } = ending
  const { input, output, reasoning, cached, cost } = spent?.usage ?? {}
  return {
    time: new Date(at).toISOString(),
    level: levelOf(ending),
    msg: 'request',
    request_id: requestId,
    trace_id: id,
    caller,
    method,
    path,
    door: place,
    model: plan?.model,
    recipe: plan?.recipe,
    relayed: plan?.relayed,
    streamed,
    status,
    outcome,
    error: code,
    ms: rounded(ms),
    first_ms: rounded(firstMs),
    upstream_ms: rounded(upstreamMs),
    calls: spent?.calls,
    upstream_requests: spent?.requests,
    retries: spent?.retries,
    samples: spent?.samples,
    input_tokens: input,
    output_tokens: output,
    reasoning_tokens: reasoning,
    cached_tokens: cached,
    cost,
    agreement: spent?.agreement,
  }
}

export type Entry = ReturnType<typeof entryOf>

/** Whose fault it is: ours or the upstream's, the client's, nobody's. */
export const levelOf = ({ status, outcome }: Ending): Level => {
  if (outcome === 'failed') return status >= 400 && status < 500 ? 'warn' : 'error'
  return outcome === 'left' ? 'warn' : 'info'
}

const rounded = (ms: number | undefined) => (ms === undefined ? undefined : Math.round(ms * 100) / 100)
