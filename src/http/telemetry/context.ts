/** Where a request stands in a trace (W3C Trace Context). */
export type TraceContext = {
  readonly traceId: string
  /** The caller's span, if there is one. */
  readonly parentId: string | undefined
  readonly sampled: boolean
}

export type Sampling = {
  /** One of OpenTelemetry's names for it (`OTEL_TRACES_SAMPLER`). */
  readonly sampler: string
  /** In [0, 1]. */
  readonly ratio: number
}

/** `id` becomes the trace's own id where the caller brings none. */
export function contextOf(headers: Pick<Headers, 'get'>, id: string, { sampler, ratio }: Sampling): TraceContext {
  const given = /^[\da-f]{2}-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})(?:-|$)/.exec(headers.get('traceparent') ?? '')
  const known = given && !/^0+$/.test(given[1]!) && !/^0+$/.test(given[2]!) && !given[0]!.startsWith('ff')
  const traceId = known ? given[1]! : bare(id)
  const parentId = known ? given[2]! : undefined
  const root = sampler.replace('parentbased_', '')
  const chosen = root === 'always_on' || (root === 'traceidratio' && shareOf(traceId) < ratio)
  const byParent = known && root !== sampler
  return { traceId, parentId, sampled: byParent ? (Number.parseInt(given[3]!, 16) & 1) === 1 : chosen }
}

/** The same for everybody who sees the trace, so that it is kept by all or by none. */
const shareOf = (traceId: string) => Number.parseInt(traceId.slice(-8), 16) / 2 ** 32

export const traceparent = ({ traceId, sampled }: TraceContext, spanId: string): string =>
  `00-${traceId}-${spanId}-0${sampled ? 1 : 0}`

/** The last eight bytes of a UUID; all but two bits of them are random. */
export const newSpanId = (): string => bare(crypto.randomUUID()).slice(16)

/** A UUID without its hyphens, which always stand in the same places. */
const bare = (id: string) => id.slice(0, 8) + id.slice(9, 13) + id.slice(14, 18) + id.slice(19, 23) + id.slice(24)
