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
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  const { port: actual } = server.address() as AddressInfo
  const url = `http://${isIPv6(host) ? `[${host}]` : host}:${actual}`
  return { url, engine, close: (drainMs = config.MULL_DRAIN_MS) => drain(server, drainMs) }
}

/**
 * Closing alone would leave every connection that is busy at that moment open until its keep-alive runs out. What is
 * asked from now on is answered with the word that it is the last, and what was promised to be kept is closed when idle.
 */
async function drain(server: Server, ms: number): Promise<void> {
  server.prependListener('request', (_request, response: ServerResponse) => {
    response.shouldKeepAlive = false
  })
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  const sweep = setInterval(() => server.closeIdleConnections(), 50)
  const end = setTimeout(() => server.closeAllConnections(), ms)
  await closed
  clearInterval(sweep)
  clearTimeout(end)
}
