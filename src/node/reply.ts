import { pipeline, Readable, type Transform } from 'node:stream'
import zlib from 'node:zlib'
import { cancelled } from '#core'
import type { Reply } from '../upstream/transport.ts'
import type { Exchange } from './exchange.ts'
import { headersOf } from './pairs.ts'

const unpackers: Readonly<Record<string, () => Transform>> = {
  gzip: zlib.createGunzip,
  deflate: zlib.createInflate,
  br: zlib.createBrotliDecompress,
}

/** A reply for whoever reads it here. */
export function replyOf(exchange: Exchange): Reply {
  const body = bodyOf(exchange)
  // Some proxies pack what nobody asked them to.
  const unpack = unpackers[String(exchange.headers['content-encoding'])]
  return {
    status: exchange.status,
    headers: headersOf(exchange),
    body: unpack ? pipeline(body, unpack(), () => {}) : body,
  }
}

function bodyOf(exchange: Exchange): Readable {
  const body = new Readable({
    read: () => exchange.resume(),
    destroy(error, done) {
      exchange.leave(error ?? cancelled('Nobody reads on.'))
      done(error)
    },
  })
  // Who reads is told of it by reading; who does not has nothing to be told.
  body.on('error', () => {})
  exchange.give({
    take: (piece) => body.push(piece),
    end: () => body.push(null),
    fail: (error) => body.destroy(error),
  })
  return body
}
