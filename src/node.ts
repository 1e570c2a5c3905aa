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
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  const { port: actual } = server.address() as AddressInfo
  const url = `http://${isIPv6(host) ? `[${host}]` : host}:${actual}`
  return { url, close: (drainMs = MULL_DRAIN_MS) => drain(server, drainMs) }
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
