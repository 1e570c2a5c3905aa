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
export function exported(spans: readonly Unsent[], service: string): string {
  const resource = `{"attributes":${attributesOf({ 'service.name': service })}}`
  return `{"resourceSpans":[{"resource":${resource},"scopeSpans":[{"scope":{"name":"mull"},"spans":[${spans.map(textOf).join()}]}]}]}`
}

/** A span as it is written, or what writes it. */
export type Unsent = string | (() => string)

const textOf = (span: Unsent) => (typeof span === 'string' ? span : span())

/**
 * Written without a tree of objects to write it from. What waits to be sent of an execution is its text, so that nothing
 * else of it outlives the nursery.
 */
export function spanText({
  traceId,
  spanId,
  parentSpanId,
  name,
  kind,
  start,
  end,
  attributes,
  error,
}: SpanData): string {
  const parent = parentSpanId === undefined ? '' : `"parentSpanId":"${parentSpanId}",`
  const times = `"startTimeUnixNano":"${nanoseconds(start)}","endTimeUnixNano":"${nanoseconds(end)}"`
  const status = error === undefined ? '{}' : `{"code":2,"message":${JSON.stringify(error)}}`
  const place = `"traceId":"${traceId}","spanId":"${spanId}",${parent}"name":${JSON.stringify(name)},"kind":${kind}`
  return `{${place},${times},"attributes":${attributesOf(attributes)},"status":${status}}`
}

function attributesOf(attributes: SpanData['attributes']): string {
  let text = ''
  for (const key in attributes) {
    const value = attributes[key]
    if (value !== undefined) text += `${text && ','}{"key":${JSON.stringify(key)},"value":${typed(value)}}`
  }
  return `[${text}]`
}

function typed(value: Value): string {
  if (typeof value === 'string') return `{"stringValue":${JSON.stringify(value)}}`
  if (typeof value === 'boolean') return `{"boolValue":${value}}`
  if (typeof value === 'number')
    return Number.isInteger(value) ? `{"intValue":"${value}"}` : `{"doubleValue":${JSON.stringify(value)}}`
  return `{"arrayValue":{"values":[${value.map(typed).join()}]}}`
}

/** More digits than a number has. */
const nanoseconds = (ms: number) => `${Math.round(ms * 1000)}000`
