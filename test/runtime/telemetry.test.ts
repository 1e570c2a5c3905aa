import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Collected, startCollector } from '../helpers/collector.ts'
import { ask, inTurn, type Start, stage } from './proxy.ts'
import { onNode, onWorkerd } from './starts.ts'

describe('Node', () => telemetryTests(onNode()))
describe('workerd', () => telemetryTests(onWorkerd()))

function telemetryTests(start: Start): void {
  let collector: Awaited<ReturnType<typeof startCollector>>
  beforeAll(async () => {
    collector = await startCollector()
  })
  afterAll(() => collector.close())
  const exporting =
    (more: Record<string, string> = {}): Start =>
    (env) =>
      start({
        ...env,
        ...more,
        OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
        OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20sk-collector',
        OTEL_SERVICE_NAME: 'mull-test',
        MULL_API_KEYS: 'sk-proxy',
        UPSTREAM_API_KEY: 'sk-upstream',
      })
  const key = { authorization: 'Bearer sk-proxy' }
  const on = stage(exporting())

  let traces = 0
  /** A trace that a caller has begun. */
  const begun = (sampled = true) => {
    const id = (++traces).toString(16).padStart(32, 'a')
    return { id, traceparent: `00-${id}-00f067aa0ba902b7-0${sampled ? 1 : 0}` }
  }
  const named = (spans: readonly Collected[], name: string) => spans.filter((span) => span.name === name)

  test('a recipe is a workflow with a span for each sample, beneath the caller’s own', async () => {
    on.upstream.reply(inTurn('It is 42.', 'It is 42.', 'It is 41.', 'It is 42.'))
    const { id, traceparent } = begun()
    await (await on.post(ask('r1+sc@4', 'A secret question?'), { ...key, traceparent })).text()
    const spans = await collector.trace(id)
    const [server] = named(spans, 'POST /v1/chat/completions')
    const [workflow] = named(spans, 'invoke_workflow r1+self-consistency@4')
    const [strategy] = named(spans, 'self-consistency')
    const samples = named(spans, 'chat r1')
    expect(server).toMatchObject({ kind: 2, parentSpanId: '00f067aa0ba902b7', service: 'mull-test' })
    expect(server!.attributes).toMatchObject({ 'http.request.method': 'POST', 'http.response.status_code': 200 })
    expect(server!.headers['authorization']).toBe('Bearer sk-collector')
    expect(workflow!.parentSpanId).toBe(server!.spanId)
    expect(workflow!.attributes).toMatchObject({
      'gen_ai.operation.name': 'invoke_workflow',
      'gen_ai.workflow.name': 'r1+self-consistency@4',
      'gen_ai.usage.input_tokens': 10,
      'gen_ai.usage.output_tokens': 20,
      'mull.calls': 4,
      'mull.agreement': 0.75,
      'mull.samples.done': 4,
    })
    expect(strategy!.parentSpanId).toBe(workflow!.spanId)
    expect(samples).toHaveLength(4)
    for (const { parentSpanId, kind, attributes } of samples) {
      expect([parentSpanId, kind]).toEqual([strategy!.spanId, 3])
      expect(attributes).toMatchObject({
        'gen_ai.operation.name': 'chat',
        'gen_ai.provider.name': 'openai',
        'gen_ai.request.model': 'r1',
        'gen_ai.usage.output_tokens': 5,
      })
    }
    for (const span of spans)
      expect(BigInt(span.endTimeUnixNano)).toBeGreaterThanOrEqual(BigInt(span.startTimeUnixNano))
    expect(new Set(spans.map(({ spanId }) => spanId)).size).toBe(spans.length)
    const { traceparent: carried } = on.upstream.asked.find(({ method }) => method === 'POST')!.headers
    expect(samples.map(({ spanId }) => `00-${id}-${spanId}-01`)).toContain(carried)
    expect(JSON.stringify(spans.map(({ headers: _, ...span }) => span))).not.toMatch(/secret|sk-|It is 4/)
  })

  test('a judge’s call is beneath the score that asked for it', async () => {
    on.upstream.reply(({ json }) => ({ text: JSON.stringify(json?.messages).includes('Score') ? '8' : 'It is 42.' }))
    const { id, traceparent } = begun()
    await (await on.post(ask('r1+bon@2'), { ...key, traceparent })).text()
    const spans = await collector.trace(id)
    const scores = named(spans, 'score judge')
    expect(scores.length).toBeGreaterThan(0)
    for (const { spanId } of scores) expect(spans.some(({ parentSpanId }) => parentSpanId === spanId)).toBe(true)
  })

  test('a relay is one call, which the upstream’s own spans belong to', async () => {
    const { id, traceparent } = begun()
    await (await on.post(ask('r1'), { ...key, traceparent })).text()
    const spans = await collector.trace(id)
    const [call] = named(spans, 'chat r1')
    const [server] = named(spans, 'POST /v1/chat/completions')
    expect(spans).toHaveLength(2)
    expect(call).toMatchObject({ kind: 3, parentSpanId: server!.spanId })
    expect(on.upstream.asked[0]!.headers['traceparent']).toBe(`00-${id}-${call!.spanId}-01`)
  })

  test('what is relayed beside the doors is a call, too', async () => {
    const { id, traceparent } = begun()
    await (await on.post({ model: 'e', input: 'text' }, { ...key, traceparent }, undefined, '/embeddings')).text()
    const [call] = named(await collector.trace(id), 'embeddings')
    expect(call!.attributes['gen_ai.operation.name']).toBe('embeddings')
    expect(on.upstream.asked[0]!.headers['traceparent']).toBe(`00-${id}-${call!.spanId}-01`)
  })

  test('a failure is an error with its code', async () => {
    on.upstream.reply(() => ({ status: 501, error: { message: 'No such thing.', code: 'not_there' } }))
    const { id, traceparent } = begun()
    await (await on.post(ask('r1+sc@2'), { ...key, traceparent })).text()
    const [server] = named(await collector.trace(id), 'POST /v1/chat/completions')
    expect(server).toMatchObject({ status: { code: 2 }, attributes: { 'error.type': 'not_there' } })
  })

  test('what its caller does not want sampled is not sent, and the upstream is told so', async () => {
    const unwanted = begun(false)
    await (await on.post(ask('r1'), { ...key, traceparent: unwanted.traceparent })).text()
    expect(on.upstream.asked[0]!.headers['traceparent']).toMatch(new RegExp(`^00-${unwanted.id}-[0-9a-f]{16}-00$`))
    const { id, traceparent } = begun()
    await (await on.post(ask('r1'), { ...key, traceparent })).text()
    await collector.trace(id)
    expect(collector.spans.filter(({ traceId }) => traceId === unwanted.id)).toEqual([])
  })

  test('without a caller’s trace, it is called as the request is', async () => {
    const { headers } = await on.post(ask('r1+sc@2'), key)
    const spans = await collector.trace(headers.get('x-request-id')!.replaceAll('-', ''))
    expect(named(spans, 'POST /v1/chat/completions')[0]).not.toHaveProperty('parentSpanId')
  })

  describe('with contents', () => {
    const on = stage(exporting({ OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: 'true' }))

    test('what was asked and answered is sent, too', async () => {
      on.upstream.reply(() => ({ choices: [{ text: 'It is 42.' }, { text: 'It is 42.' }] }))
      const { id, traceparent } = begun()
      await (await on.post(ask('r1+sc@2', 'How much?'), { ...key, traceparent })).text()
      const spans = await collector.trace(id)
      const [workflow] = named(spans, 'invoke_workflow r1+self-consistency@2')
      expect(workflow!.attributes['gen_ai.input.messages']).toContain('How much?')
      for (const sample of named(spans, 'chat r1'))
        expect(sample.attributes['gen_ai.output.messages']).toContain('It is 42.')
    })
  })
}
