import { createServer, STATUS_CODES } from 'node:http'
import { type AddressInfo, isIPv6, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { getRequestListener, type HttpBindings, RequestError } from '@hono/node-server'
import { BadRequest } from '#core'
import type { Config } from '../config/index.ts'
import { failureResponse } from '../http/failure.ts'
import { drain } from './drain.ts'
import { noLane } from './lane.ts'

/** A server that listens. */
export type Listening = {
  /** Its origin, without a slash at the end. */
  readonly url: string
  /** Stops listening and lets what is running finish, for at most `drainMs`; resolves when every connection is closed. */
  close(drainMs?: number): Promise<void>
}

/** Answers what does not have a lane of its own. */
export type Fetch = (request: Request, env: HttpBindings) => Promise<Response>

/** Longer than the 60 s after which load balancers drop an idle connection, so that it is never ours that is stale. */
const keepAliveTimeout = 65_000

/** Rejects when the address cannot be listened on. */
export async function listen({ server: settings }: Config, fetch: Fetch, lane = noLane): Promise<Listening> {
  const { host, port, drain: patience } = settings
  const errorHandler = (error: unknown) =>
    failureResponse(error instanceof RequestError ? new BadRequest(`${error.message}.`) : error)
  const general = getRequestListener(fetch as never, { errorHandler })
  const server = createServer({ keepAliveTimeout, requireHostHeader: false }, (incoming, outgoing) => {
    const passed = lane(incoming, outgoing)
    if (passed) passed.then((done) => void (done || general(incoming, outgoing)))
    else general(incoming, outgoing)
  })
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
