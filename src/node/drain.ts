import type { Server, ServerResponse } from 'node:http'
import { Server as NetServer, type Socket } from 'node:net'

/**
 * Closing alone would leave every connection that is busy at that moment open until its keep-alive runs out. What is
 * asked from now on is answered with the word that it is the last, and what was promised to be kept is closed when idle.
 */
export async function drain(server: Server, connections: ReadonlySet<Socket>, ms: number): Promise<void> {
  server.prependListener('request', (_request, response: ServerResponse) => {
    response.shouldKeepAlive = false
  })
  await lastComers(server, Math.min(ms, 1000))
  // Node's own way would cut the connections of those whose request is on its way; the sweep lets it arrive first. Bun's
  // server is none of its net.Server, and does not count what it has read.
  const isNodes = server instanceof NetServer
  const { close }: NetServer = isNodes ? NetServer.prototype : (server as Server)
  const closed = new Promise<void>((resolve) => close.call(server, () => resolve()))
  const closeIdle = () => {
    server.closeIdleConnections()
    // For Node, who has never said anything is not idle.
    if (isNodes) for (const socket of connections) if (socket.bytesRead === 0) socket.destroy()
  }
  // What has come is read between a timer and what is immediate, so nobody is idle whose request is here.
  const sweep = setInterval(() => setImmediate(closeIdle), 50)
  const end = setTimeout(() => server.closeAllConnections(), ms)
  await closed
  clearInterval(sweep)
  clearTimeout(end)
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
