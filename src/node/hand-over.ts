import type { IncomingMessage, ServerResponse } from 'node:http'
import { type Readable, Transform } from 'node:stream'
import type { InPassing } from '../upstream/passing.ts'
import { isHopByHop, namedBy, type Relayed } from '../upstream/transport.ts'
import type { Ending } from './ending.ts'
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
export function handOver(reply: IncomingMessage, outgoing: ServerResponse, handing: Handing): void {
  const { added, streams, begun, seen, ending } = handing
  if (outgoing.destroyed) {
    seen?.ended()
    return void reply.destroy()
  }
  const { connection } = reply.headers
  const named = connection === undefined ? [] : namedBy(connection)
  const head: string[] = []
  const { rawHeaders } = reply
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const [written, value] = [rawHeaders[i]!, rawHeaders[i + 1]!]
    const name = written.toLowerCase()
    const isWrong = name === 'content-length' && (seen?.passing.changes || ending)
    if (!isHopByHop(name) && !Object.hasOwn(added, name) && !named.includes(name) && !isWrong) head.push(written, value)
  }
  for (const name in added) head.push(name, added[name]!)
  readable(reply, () => outgoing.writeHead(reply.statusCode!, reply.statusMessage, head))
  // A head goes out with the first piece, or by itself if that is not there yet.
  if (streams) setImmediate(() => reply.readableDidRead || outgoing.flushHeaders())
  // Whoever listens for a piece makes all of them slower; a reply in one piece is there when its head is.
  if (begun && streams) reply.once('data', () => begun(true))
  else begun?.(false)
  reply.on('error', () => outgoing.destroy())
  if (seen) outgoing.on('close', seen.ended)
  if (reply.complete && !ending) return void sendWhole(reply, outgoing, seen)
  const source = seen ? seenBy(seen.passing, reply) : reply
  if (!ending) return void source.pipe(outgoing)
  reply.on('data', (chunk) => ending.push(chunk))
  source.pipe(outgoing, { end: false })
  // What is in the socket still goes out; the last chunk, which says that it is whole, does not.
  source.once('end', () => (ending.isWhole ? outgoing.end() : outgoing.socket?.destroySoon()))
}

/** A reply that is here in one piece has nothing to wait for, and so nothing to pipe. */
function sendWhole(reply: IncomingMessage, outgoing: ServerResponse, seen: InPassing | undefined): void {
  const body: Uint8Array = reply.read() ?? new Uint8Array()
  if (seen?.passing.changes) return void outgoing.end(Buffer.concat([seen.passing.push(body), seen.passing.flush()]))
  outgoing.end(body)
  // The client need not wait until it is read.
  seen?.passing.push(body)
  seen?.passing.flush()
}

/** Seen in passing; only what changes it is asked before it goes on. */
function seenBy(passing: InPassing['passing'], reply: IncomingMessage): Readable {
  if (!passing.changes) return reply.on('data', (chunk) => passing.push(chunk)).once('end', () => passing.flush())
  return reply.pipe(
    new Transform({
      transform: (chunk, _, done) => done(null, passing.push(chunk)),
      flush: (done) => done(null, passing.flush()),
    }),
  )
}
