export type Value = string | number | boolean | readonly string[]

/** A span as it is sent. Times are in milliseconds since the epoch, ids in hexadecimal. */
export type SpanData = {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId: string | undefined
  readonly name: string
  readonly kind: SpanKind
  readonly start: number
  readonly end: number
  /** What is undefined is left out. */
  readonly attributes: Readonly<Record<string, Value | undefined>>
  /** What went wrong, where something did. */
  readonly error: string | undefined
}

export const SpanKind = { internal: 1, server: 2, client: 3 } as const
export type SpanKind = (typeof SpanKind)[keyof typeof SpanKind]

/**
 * The body of an OTLP/HTTP request in JSON (OpenTelemetry Protocol 1.x) with spans as `spanText` writes them. The
 * smallest library that writes it is nine times as large, which a Worker has no room for.
 */
export function exported(spans: readonly string[], service: string): string {
  const resource = JSON.stringify({ attributes: attributesOf({ 'service.name': service }) })
  return `{"resourceSpans":[{"resource":${resource},"scopeSpans":[{"scope":{"name":"mull"},"spans":[${spans.join()}]}]}]}`
}

/** Written at once: what waits to be sent is a text, and not a tree of objects that outlives their nursery. */
export const spanText = ({ start, end, attributes, error, parentSpanId, ...span }: SpanData): string =>
  JSON.stringify({
    ...span,
    parentSpanId,
    startTimeUnixNano: nanoseconds(start),
    endTimeUnixNano: nanoseconds(end),
    attributes: attributesOf(attributes),
    status: error === undefined ? {} : { code: 2, message: error },
  })

const attributesOf = (attributes: SpanData['attributes']) =>
  Object.entries(attributes).flatMap(([key, value]) => (value === undefined ? [] : [{ key, value: typed(value) }]))

function typed(value: Value): object {
  if (typeof value === 'string') return { stringValue: value }
  if (typeof value === 'boolean') return { boolValue: value }
  if (typeof value === 'number') return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value }
  return { arrayValue: { values: value.map(typed) } }
}

/** More digits than a number has. */
const nanoseconds = (ms: number) => `${Math.round(ms * 1000)}000`
