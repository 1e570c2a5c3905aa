import type { ServerResponse } from 'node:http'
import type { HttpBindings } from '@hono/node-server'
import { cancelled } from '#core'
import { type Patience, watched } from '../upstream/patience.ts'
import { garbled } from '../upstream/refusal.ts'
import { instead, isRefused } from '../upstream/refused.ts'
import type { Relayed, Transport } from '../upstream/transport.ts'
import { asking, type Leave } from './asking.ts'
import { Ending, isAnswered } from './ending.ts'
import type { Exchange } from './exchange.ts'
import { handOver } from './hand-over.ts'
import { pairsOf } from './pairs.ts'
import { replyOf } from './reply.ts'

export type NodeOptions = Patience & { readonly baseUrl: string }

export type NodeTransport = Transport & {
  /** Closes its idle connections, and from now on each other one when it is idle. */
  retire(): void
}

/**
 * The transport for Node: undici's connections, kept alive, without the web's forms of a request and a reply, which carry
 * about three times the requests of `fetch` there. A relayed reply goes from socket to socket; the Response it resolves to
 * stands for what was sent.
 */
export function nodeTransport({ baseUrl, ...patience }: NodeOptions): NodeTransport {
  const { ask, retire } = asking(baseUrl, patience)

  return {
    retire,

    async send({ method, path, headers, body, signal }) {
      signal.throwIfAborted()
      let leave: Leave = () => {}
      const gone = () => leave(signal.reason)
      // A signal that is made of others, and is listened to, is kept for ever by Node: so is all that the listener knows.
      const forget = () => signal.removeEventListener('abort', gone)
      signal.addEventListener('abort', gone, { once: true })
      const bytes = body === undefined ? undefined : Buffer.from(body)
      const question = { method, path, headers: [...headers, accepted], body: bytes }
      const exchange = await ask(question, (how) => {
        leave = how
      }).catch((error: unknown) => {
        forget()
        throw error
      })
      exchange.whenOver(forget)
      leaveWhenLate(exchange, () => exchange.received)
      return replyOf(exchange)
    },

    async relay(relayed) {
      const { request, path, body, headers, env, added, begun, declines, passing } = relayed
      const { method } = request
      const { incoming, outgoing } = env as HttpBindings
      let leave: Leave = () => {}
      outgoing.on('close', () => outgoing.writableFinished || leave(cancelled('The client left.')))
      const question = { method, path, headers: headers(pairsOf(incoming)), body: body ?? incoming }
      const exchange = await ask(question, (how) => {
        leave = how
      })
      const { status, headers: theirs } = exchange
      if (declines?.(status)) {
        exchange.drop()
        return undefined
      }
      // A client that reads slowly is no silence of the upstream's.
      leaveWhenLate(exchange, () => (outgoing.writableNeedDrain ? Number.NaN : exchange.received))
      if (isRefused(status)) return instead(relayed, replyOf(exchange))
      const type = theirs['content-type'] ?? ''
      const streams = type.startsWith('text/event-stream')
      if (!streams) await exchange.begins()
      const answers = method === 'POST' && isAnswered(path)
      if (answers && isNone(exchange, type)) {
        const none = garbled('no answer')
        exchange.leave(none)
        throw none
      }
      handOver(exchange, outgoing as ServerResponse, {
        added: added(theirs['x-request-id'] as string | undefined),
        streams,
        begun,
        seen: passing?.(status, type),
        ending: answers && streams && !theirs['content-encoding'] ? new Ending(path) : undefined,
      })
      return new Response(null)
    },
  }

  function leaveWhenLate(exchange: Exchange, came: () => number): void {
    if (!exchange.isWhole) exchange.whenOver(watched(patience, came, (error) => exchange.leave(error)))
  }
}

const accepted = ['accept-encoding', 'identity'] as const

/**
 * Whether a reply cannot be an answer: it is empty, or it is a page, as it says itself: some servers give JSON this name.
 */
function isNone({ isWhole, received, first }: Exchange, type: string): boolean {
  if (isWhole && received === 0) return true
  return type.startsWith('text/html') && (first?.toString('latin1').trimStart().startsWith('<') ?? false)
}

/** Tells when a reply that was handed over has come to its end, for the client at least. */
export function whenRelayed({ env }: Relayed, ended: () => void): void {
  const { outgoing } = env as HttpBindings
  if (outgoing.destroyed || outgoing.writableFinished) ended()
  else outgoing.once('close', ended)
}
