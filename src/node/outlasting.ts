import type { IncomingMessage } from 'node:http'

/** How much more is let in of a body that was refused, in bytes and in milliseconds. */
const most = 64 * 1024 * 1024
const longest = 2000

/**
 * The same reply to a client that may still be sending. Where its connection is closed meanwhile, it is told of that and
 * not what the reply says; so the reply ends when the client has ended, or soon.
 */
export async function outlasting(reply: Response, incoming: IncomingMessage): Promise<Response> {
  if (incoming.complete || incoming.destroyed) return reply
  const { status, headers } = reply
  const bytes = new Uint8Array(await reply.arrayBuffer())
  headers.set('content-length', String(bytes.length))
  const body = new ReadableStream<Uint8Array>({
    async start(controller) {
      controller.enqueue(bytes)
      await ended(incoming)
      controller.close()
    },
  })
  return new Response(body, { status, headers })
}

function ended(incoming: IncomingMessage): Promise<void> {
  return new Promise((resolve) => {
    let size = 0
    const timer = setTimeout(done, longest)
    function done(): void {
      clearTimeout(timer)
      incoming.off('data', count)
      resolve()
    }
    function count({ length }: Buffer): void {
      size += length
      if (size > most) done()
    }
    incoming.on('data', count).once('end', done).once('close', done).resume()
  })
}
