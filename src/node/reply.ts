import type { IncomingMessage } from 'node:http'
import { pipeline, type Readable, type Transform } from 'node:stream'
import zlib from 'node:zlib'
import type { Reply } from '../upstream/transport.ts'
import { headersOf } from './pairs.ts'

const unpackers: Readonly<Record<string, () => Transform>> = {
  gzip: zlib.createGunzip,
  deflate: zlib.createInflate,
  br: zlib.createBrotliDecompress,
}

/** A reply for whoever reads it here. */
export const replyOf = (reply: IncomingMessage): Reply => ({
  status: reply.statusCode!,
  headers: headersOf(reply),
  body: unpacked(reply),
})

/** Some proxies pack what nobody asked them to. */
function unpacked(reply: IncomingMessage): Readable {
  const unpack = unpackers[reply.headers['content-encoding'] ?? '']
  return unpack ? pipeline(reply, unpack(), () => {}) : reply
}
