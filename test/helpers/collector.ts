import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'

type Value = { stringValue?: string; intValue?: string; doubleValue?: number; boolValue?: boolean }
type Attributes = { key: string; value: Value }[]

/** A span as the collector took it, with its attributes as an object. */
export type Collected = {
  traceId: string
  spanId: string
  parentSpanId?: string
  name: string
  kind: number
  startTimeUnixNano: string
  endTimeUnixNano: string
  status: { code?: number; message?: string }
  attributes: Record<string, unknown>
  service: unknown
  headers: Record<string, unknown>
}

type Body = {
  resourceSpans: {
    resource: { attributes: Attributes }
    scopeSpans: { spans: (Omit<Collected, 'attributes'> & { attributes: Attributes })[] }[]
  }[]
}

/** A collector of OpenTelemetry's on a loopback port, which takes what is OTLP in JSON, and refuses all else. */
export async function startCollector() {
  const spans: Collected[] = []
  let wake: () => void = () => {}
  const server = createServer(async (request, response) => {
    const body = (await json(request)) as Body
    const right = request.url === '/v1/traces' && request.headers['content-type'] === 'application/json'
    for (const { resource, scopeSpans } of right ? body.resourceSpans : [])
      for (const { attributes, ...span } of scopeSpans.flatMap(({ spans }) => spans)) {
        const service = objectOf(resource.attributes)['service.name']
        spans.push({ ...span, attributes: objectOf(attributes), service, headers: request.headers })
      }
    response.writeHead(right ? 200 : 400, { 'content-type': 'application/json' }).end('{}')
    wake()
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    /** Resolves to the spans of a trace once its server's span is there, which is sent with all others. */
    async trace(traceId: string): Promise<Collected[]> {
      const found = () => spans.filter((span) => span.traceId === traceId)
      while (!found().some(({ kind }) => kind === 2)) await new Promise<void>((resolve) => (wake = resolve))
      return found()
    },
    close: () => new Promise((resolve) => server.close(resolve).closeAllConnections()),
  }
}

const objectOf = (attributes: Attributes) =>
  Object.fromEntries(
    attributes.map(({ key, value }) => [
      key,
      value.stringValue ?? value.boolValue ?? value.doubleValue ?? Number(value.intValue),
    ]),
  )
