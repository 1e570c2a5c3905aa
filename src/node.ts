import { readFile } from 'node:fs/promises'
import { createServer, type Server, type ServerResponse, STATUS_CODES } from 'node:http'
import { type AddressInfo, isIPv6, Server as NetServer, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { getRequestListener, type HttpBindings, RequestError } from '@hono/node-server'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import { BadRequest } from '#core'
import type { Config } from './config/index.ts'
import { at } from './config/tree.ts'
import { createEngine, httpOptions, serversOf } from './engine.ts'
import { createApp } from './http/app.ts'
import type { Engine } from './http/engine.ts'
import { failureResponse } from './http/failure.ts'
import { isOfPage } from './http/page.ts'
import type { Watcher } from './http/watching/watch.ts'
import { counting } from './node/counting.ts'
import { outlasting } from './node/outlasting.ts'
import { page } from './node/page.ts'
import { lastingSight, type Seen, seeingOnNode } from './node/seeing.ts'
import { sha256 } from './node/sha256.ts'
import { shelvesOf } from './node/shelves.ts'
import { type NodeTransport, nodeTransport, whenRelayed } from './node/transport.ts'
import type { Shelves } from './remembered.ts'
import type { Allowances } from './state/allowance.ts'
import { tinyTransport } from './tiny.ts'
import { tiny } from './upstream/tiny.ts'
import { titlesOf } from './upstreams.ts'

/** A server that listens. */
export type Listening = {
  /** Its origin, without a slash at the end. */
  readonly url: string
  /** Stops listening and lets what is running finish, for at most `drainMs`; resolves when every connection is closed. */
  close(drainMs?: number): Promise<void>
}

export type Running = Listening & {
  /** What answers now. */
  readonly engine: () => Engine
  /**
   * Answers by another configuration from now on; what has begun ends by the one it began with. Returns the settings that
   * take effect only when Mull is started again.
   */
  reload(config: Config): readonly string[]
}

/** Longer than the 60 s after which load balancers drop an idle connection, so that it is never ours that is stale. */
const keepAliveTimeout = 65_000

/** The weights beside the package; its sources and its build are equally deep in it. */
export const weights = () => readFile(new URL('../tiny-r1/tiny-r1.bin', import.meta.url))

/** What is settled for as long as the process runs: where it listens, and how much it remembers. */
const lasting: readonly string[] = [
  'server.host',
  'server.port',
  'cache.entries',
  'cache.megabytes',
  'bank.entries',
  'bank.megabytes',
  'store.redis',
  'store.timeout',
  ...lastingSight,
]

/** Serves on Node. Rejects when the address cannot be listened on. */
export async function startNode(config: Config, watchers: readonly Watcher[] = []): Promise<Running> {
  const { shelves, redis, forget } = await shelvesOf(config)
  const { seen, flush } = seeingOnNode(config, () => current.states?.(), watchers)
  const shared = { shelves, allowances: counting(config, redis), seen }
  let current = assembled(config, shared)
  const listening = await listen(config, async (request, env) => {
    if (current.page && isOfPage(env.incoming)) return current.page.fetch(request, env)
    const response = await current.app.fetch(request, env)
    if (env.outgoing.headersSent) return RESPONSE_ALREADY_SENT
    return response.status === 413 ? outlasting(response, env.incoming) : response
  })
  const reload = (next: Config) => {
    const { retire } = current
    current = assembled(next, shared)
    retire()
    return lasting.filter((path) => at(next, path.split('.')) !== at(config, path.split('.')))
  }
  const close = async (drainMs?: number) => {
    await listening.close(drainMs)
    await Promise.all([forget(), flush()])
  }
  return { ...listening, close, engine: () => current.engine, reload }
}

/** What outlives a configuration. */
type Shared = {
  readonly shelves: Shelves
  readonly allowances: Allowances
  readonly seen: Seen
}

/** Everything that answers by one configuration. */
function assembled(config: Config, { shelves, allowances, seen }: Shared) {
  const transports: NodeTransport[] = []
  const { transportOf, states } = serversOf(config, {
    to: (baseUrl, patience) => {
      const transport = nodeTransport({ baseUrl, ...patience })
      transports.push(transport)
      return transport
    },
    whenRelayed,
    builtIn: (upstream) => tinyTransport(upstream, { weights }),
  })
  const engine = createEngine(config, transportOf, shelves)
  const upstream = titlesOf(config, 'tiny-r1 (built in)')
  const app = createApp(engine, { ...httpOptions(config, allowances, sha256), upstream, replicas: states, ...seen })
  const retire = () => {
    for (const transport of transports) transport.retire()
  }
  return { engine, app, states, page: config.server.page ? page : undefined, retire }
}

/** Serves tiny-r1 alone. Rejects when the address cannot be listened on. */
export const startTiny = (config: Config): Promise<Listening> => listen(config, tiny({ weights }))

type Fetch = (request: Request, env: HttpBindings) => Promise<Response>

async function listen({ server: settings }: Config, fetch: Fetch): Promise<Listening> {
  const { host, port, drain: patience } = settings
  const errorHandler = (error: unknown) =>
    failureResponse(error instanceof RequestError ? new BadRequest(`${error.message}.`) : error)
  const server = createServer(
    { keepAliveTimeout, requireHostHeader: false },
    getRequestListener(fetch as never, { errorHandler }),
  )
  server.on('clientError', refuse)
  const connections = new Set<Socket>()
  server.on('connection', (socket) => {
    connections.add(socket)
    socket.once('close', () => connections.delete(socket))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  const { port: actual } = server.address() as AddressInfo
  const url = `http://${isIPv6(host) ? `[${host}]` : host}:${actual}`
  return { url, close: (drainMs = patience) => drain(server, connections, drainMs) }
}

/** Who has connected may still wait to be taken up, and closing would hang up on them; it takes one turn each. */
async function lastComers(server: Server, ms: number): Promise<void> {
  let came = 0
  server.on('connection', () => came++)
  const end = performance.now() + ms
  for (let before = -1; before !== came && performance.now() < end; ) {
    before = came
    await new Promise((resolve) => setTimeout(() => setImmediate(resolve), 50))
  }
}

/** What Node cannot read as HTTP has no request to be answered by the app. */
function refuse({ code = '' }: NodeJS.ErrnoException, socket: Duplex): void {
  if (code === 'ECONNRESET' || !socket.writable) return void socket.destroy()
  const [status, message] = unreadable[code] ?? [400, 'The request is not HTTP that can be read.']
  const error = { message, type: 'invalid_request_error', param: null, code: 'invalid_request' }
  const body = JSON.stringify({ error })
  const head = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nconnection: close\r\ncontent-type: application/json`
  socket.end(`${head}\r\ncontent-length: ${body.length}\r\n\r\n${body}`)
}

const unreadable: Readonly<Record<string, readonly [number, string]>> = {
  HPE_HEADER_OVERFLOW: [431, 'The headers of the request are too large.'],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: [413, 'The chunk extensions of the request are too large.'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'The request did not come in time.'],
}

/**
 * Closing alone would leave every connection that is busy at that moment open until its keep-alive runs out. What is
 * asked from now on is answered with the word that it is the last, and what was promised to be kept is closed when idle.
 */
async function drain(server: Server, connections: ReadonlySet<Socket>, ms: number): Promise<void> {
  server.prependListener('request', (_request, response: ServerResponse) => {
    response.shouldKeepAlive = false
  })
  await lastComers(server, Math.min(ms, 1000))
  // Node's own way would cut the connections of those whose request is on its way; the sweep lets it arrive first. Bun's
  // server is none of its net.Server.
  const { close }: NetServer = server instanceof NetServer ? NetServer.prototype : (server as Server)
  const closed = new Promise<void>((resolve) => close.call(server, () => resolve()))
  const closeIdle = () => {
    server.closeIdleConnections()
    // For Node, who has never said anything is not idle.
    for (const socket of connections) if (socket.bytesRead === 0) socket.destroy()
  }
  // What has come is read between a timer and what is immediate, so nobody is idle whose request is here.
  const sweep = setInterval(() => setImmediate(closeIdle), 50)
  const end = setTimeout(() => server.closeAllConnections(), ms)
  await closed
  clearInterval(sweep)
  clearTimeout(end)
}
