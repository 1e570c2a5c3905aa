import type { IncomingMessage, ServerResponse } from 'node:http'
import { chat } from '../http/doors/chat/door.ts'
import type { Engine, HttpOptions } from '../http/engine.ts'
import { asksForNoMore, handThrough } from '../http/plain.ts'
import { understood } from '../http/request.ts'
import { served } from '../http/serving.ts'
import { Arrived } from './arrived.ts'

/** Answers a request if it is one of its own; false at once, or resolves to it, for one that it leaves to others. */
export type Lane = (incoming: IncomingMessage, outgoing: ServerResponse) => Promise<boolean> | false

/** Leaves everything to others. */
export const noLane: Lane = () => false

/**
 * Most requests are chat completions that are handed through. They go from socket to socket without ever having the web's
 * form of a request and a reply, or a router: those take as long as all that is done for them. What asks for more, or is
 * wrong in any way, is left to the app, with the body that was read.
 */
export function lane(engine: Engine, options: HttpOptions): Lane {
  return (incoming, outgoing) => isCandidate(incoming, options.maxBodyBytes) && passed(incoming, outgoing)

  async function passed(incoming: IncomingMessage, outgoing: ServerResponse): Promise<boolean> {
    const bytes = await bodyOf(incoming)
    const written = bytes && read(bytes)
    const request = new Arrived(incoming, outgoing)
    if (!written || !asksForNoMore(request.headers, chat, engine, written)) return false
    const arrival = { request, env: { incoming, outgoing } }
    const response = await served(arrival, 'chat', options, async (caller, following, entry) => {
      const reply = await handThrough(arrival, chat, engine, caller, following, entry, { bytes, written })
      return reply!
    })
    if (!outgoing.headersSent) await send(response, outgoing)
    return true
  }
}

const path = `/v1${chat.path}`

/** What browsers send has an origin, which is the app's to look at; so is a body that does not say how long it is. */
const isCandidate = ({ method, url, headers }: IncomingMessage, most: number): boolean =>
  method === 'POST' &&
  url === path &&
  headers.origin === undefined &&
  Number(headers['content-length']) <= most &&
  plainHost.test(headers.host ?? '')

const plainHost = /^[\w.:[\]-]+$/

/** All of a body, which is left where others look for it; undefined for one that breaks off. */
function bodyOf(incoming: IncomingMessage & { rawBody?: Buffer }): Promise<Buffer | undefined> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    incoming.on('data', (chunk) => chunks.push(chunk))
    incoming.on('end', () => {
      incoming.rawBody = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)
      resolve(incoming.rawBody)
    })
    incoming.on('error', () => resolve(undefined))
  })
}

function read(bytes: Uint8Array): Record<string, unknown> | undefined {
  try {
    return understood(bytes)
  } catch {
    return undefined
  }
}

/** A reply that did not come from the upstream as it is. */
async function send(response: Response, outgoing: ServerResponse): Promise<void> {
  const body = Buffer.from(await response.arrayBuffer())
  if (outgoing.destroyed) return
  outgoing.writeHead(response.status, [...response.headers].flat())
  outgoing.end(body)
}
