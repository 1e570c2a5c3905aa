import type { ServerResponse } from 'node:http'
import { cancelled } from '#core'
import type { InPassing } from '../upstream/passing.ts'
import { isHopByHop, namedBy, type Relayed } from '../upstream/transport.ts'
import type { Ending } from './ending.ts'
import type { Exchange, Taker } from './exchange.ts'
import { readable } from './pairs.ts'

export type Handing = {
  /** Headers of ours. */
  readonly added: Readonly<Record<string, string>>
  /** Whether it is a stream of events. */
  readonly streams: boolean
  readonly begun: Relayed['begun']
  readonly seen: InPassing | undefined
  /** Sees whether a stream of events came to its end, where that can be told. */
  readonly ending: Ending | undefined
}

/** Status, headers and bytes as they come. A reply that breaks off breaks off for the client too. */
export function handOver(exchange: Exchange, outgoing: ServerResponse, handing: Handing): void {
  const { streams, begun, seen } = handing
  if (outgoing.destroyed) {
    seen?.ended()
    return void exchange.leave(cancelled('The client left.'))
  }
  const head = headOf(exchange, handing)
  readable(exchange, () => outgoing.writeHead(exchange.status, exchange.statusText, head))
  if (seen) outgoing.on('close', seen.ended)
  if (!streams) begun?.(false)
  // A head goes out with the first piece, or by itself if that is not there yet.
  else setImmediate(() => exchange.received > 0 || outgoing.flushHeaders())
  if (exchange.isWhole && !streams) sendWhole(exchange.takeAll(), outgoing, seen)
  else exchange.give(handingTo(outgoing, exchange, handing))
}

function headOf(exchange: Exchange, { added, seen, ending }: Handing): string[] {
  const { rawHeaders } = exchange
  const { connection } = exchange.headers
  const named = connection === undefined ? [] : namedBy(connection)
  const head: string[] = []
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const [written, value] = [rawHeaders[i]!, rawHeaders[i + 1]!]
    const name = written.toLowerCase()
    const isWrong = name === 'content-length' && (seen?.passing.changes || ending)
    if (!isHopByHop(name) && !Object.hasOwn(added, name) && !named.includes(name) && !isWrong) head.push(written, value)
  }
  for (const name in added) head.push(name, added[name]!)
  return head
}

/** A reply that is here in one piece has nothing to wait for. */
function sendWhole(body: Buffer, outgoing: ServerResponse, seen: InPassing | undefined): void {
  outgoing.end(body)
  // The client need not wait until it is read.
  seen?.passing.push(body)
  seen?.passing.flush()
}

function handingTo(outgoing: ServerResponse, exchange: Exchange, { begun, streams, seen, ending }: Handing): Taker {
  const passing = seen?.passing
  let isNew = streams && begun !== undefined
  const write = (bytes: Uint8Array) => {
    const hasRoom = bytes.length === 0 || outgoing.write(bytes)
    if (!hasRoom) outgoing.once('drain', () => exchange.resume())
    return hasRoom
  }
  return {
    take(piece) {
      if (isNew) begun!(true)
      isNew = false
      ending?.push(piece)
      if (passing?.changes) return write(passing.push(piece))
      const hasRoom = write(piece)
      passing?.push(piece)
      return hasRoom
    },
    end() {
      const rest = passing?.flush()
      if (rest) write(rest)
      // What is in the socket still goes out; the last chunk, which says that it is whole, does not.
      if (!ending || ending.isWhole) outgoing.end()
      else outgoing.socket?.destroySoon()
    },
    fail: () => outgoing.destroy(),
  }
}
