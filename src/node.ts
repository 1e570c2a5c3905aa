import type { Server, ServerResponse } from 'node:http'
import { type AddressInfo, isIPv6 } from 'node:net'
import { createAdaptorServer, type HttpBindings } from '@hono/node-server'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import type { Config } from './config.ts'
import { createEngine, demoTransport, httpOptions } from './engine.ts'
import { createApp } from './http/app.ts'
import type { Engine } from './http/engine.ts'
import { nodeTransport } from './node/transport.ts'

/** A server that listens. */
export type Running = {
  /** Its origin, without a slash at the end. */
  readonly url: string
  readonly engine: Engine
  /** Stops listening and lets what is running finish, for at most `drainMs`; resolves when every connection is closed. */
  close(drainMs?: number): Promise<void>
}

/** Longer than the 60 s after which load balancers drop an idle connection, so that it is never ours that is stale. */
const keepAliveTimeout = 65_000

/** Serves on Node. Rejects when the address cannot be listened on. */
export async function startNode(config: Config): Promise<Running> {
  const { HOST: host, PORT: port, UPSTREAM_BASE_URL: baseUrl, UPSTREAM_TIMEOUT_MS: timeoutMs } = config
  const engine = createEngine(config, baseUrl ? nodeTransport({ baseUrl, timeoutMs }) : demoTransport(config))
  const app = createApp(engine, httpOptions(config))
  const fetch = async (request: Request, env: HttpBindings) => {
    const response = await app.fetch(request, env)
    return env.outgoing.headersSent ? RESPONSE_ALREADY_SENT : response
  }
  const server = createAdaptorServer({ fetch: fetch as never, serverOptions: { keepAliveTimeout } }) as Server
  const drain = drainable(server)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  const { port: actual } = server.address() as AddressInfo
  const url = `http://${isIPv6(host) ? `[${host}]` : host}:${actual}`
  return { url, engine, close: (drainMs = config.MULL_DRAIN_MS) => drain(drainMs) }
}

/**
 * Closing alone would leave every connection that is busy at that moment open until its keep-alive runs out, so replies
 * say that they are the last on theirs, and a connection is closed when its reply has ended.
 */
function drainable(server: Server): (ms: number) => Promise<void> {
  const open = new Set<ServerResponse>()
  let draining = false
  const isLast = (response: ServerResponse) => {
    if (!response.headersSent) response.shouldKeepAlive = false
  }
  server.prependListener('request', (_request, response: ServerResponse) => {
    open.add(response)
    if (draining) isLast(response)
    response.once('close', () => {
      open.delete(response)
      if (draining) setImmediate(() => server.closeIdleConnections())
    })
  })
  return async (ms) => {
    draining = true
    for (const response of open) isLast(response)
    const closed = new Promise<void>((resolve) => server.close(() => resolve()))
    const timer = setTimeout(() => server.closeAllConnections(), ms)
    await closed
    clearTimeout(timer)
  }
}
