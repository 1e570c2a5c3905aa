import { readFile } from 'node:fs/promises'
import type { Server, ServerResponse } from 'node:http'
import { type AddressInfo, isIPv6 } from 'node:net'
import { createAdaptorServer, type HttpBindings } from '@hono/node-server'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import type { Config } from './config.ts'
import { createEngine, httpOptions } from './engine.ts'
import { createApp } from './http/app.ts'
import type { Engine } from './http/engine.ts'
import { nodeTransport } from './node/transport.ts'
import { tinyTransport } from './tiny.ts'
import { tiny } from './upstream/tiny.ts'

/** A server that listens. */
export type Listening = {
  /** Its origin, without a slash at the end. */
  readonly url: string
  /** Stops listening and lets what is running finish, for at most `drainMs`; resolves when every connection is closed. */
  close(drainMs?: number): Promise<void>
}

export type Running = Listening & { readonly engine: Engine }

/** Longer than the 60 s after which load balancers drop an idle connection, so that it is never ours that is stale. */
const keepAliveTimeout = 65_000

/** The weights beside the package; its sources and its build are equally deep in it. */
const weights = () => readFile(new URL('../tiny-r1/tiny-r1.bin', import.meta.url))

/** Serves on Node. Rejects when the address cannot be listened on. */
export async function startNode(config: Config): Promise<Running> {
  const { UPSTREAM_BASE_URL: baseUrl, UPSTREAM_TIMEOUT_MS: timeoutMs } = config
  const transport = baseUrl ? nodeTransport({ baseUrl, timeoutMs }) : tinyTransport(config, { weights })
  const engine = createEngine(config, transport)
  const app = createApp(engine, { ...httpOptions(config), upstream: baseUrl ?? 'tiny-r1 (built in)' })
  const listening = await listen(config, async (request, env) => {
    const response = await app.fetch(request, env)
    return env.outgoing.headersSent ? RESPONSE_ALREADY_SENT : response
  })
  return { ...listening, engine }
}

/** Serves tiny-r1 alone. Rejects when the address cannot be listened on. */
export const startTiny = (config: Config): Promise<Listening> => listen(config, tiny({ weights }))

type Fetch = (request: Request, env: HttpBindings) => Promise<Response>

async function listen({ HOST: host, PORT: port, MULL_DRAIN_MS }: Config, fetch: Fetch): Promise<Listening> {
  const server = createAdaptorServer({ fetch: fetch as never, serverOptions: { keepAliveTimeout } }) as Server
  const drain = drainable(server)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  const { port: actual } = server.address() as AddressInfo
  const url = `http://${isIPv6(host) ? `[${host}]` : host}:${actual}`
  return { url, close: (drainMs = MULL_DRAIN_MS) => drain(drainMs) }
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
