import http from 'node:http'
import https from 'node:https'
import { unreachable } from '../upstream/first-byte.ts'

/** Connections to one server, kept alive; one that is not there after so many milliseconds is given up. */
export function agentFor(protocol: string, connectMs: number): http.Agent {
  const [{ Agent }, connected] = protocol === 'https:' ? [https, 'secureConnect'] : [http, 'connect']
  const agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY })
  // All of them are alike; by default they are told apart by a text that is put together for each request.
  agent.getName = () => 'server'
  const { createConnection } = agent
  agent.createConnection = (...connection) => {
    const socket = createConnection.apply(agent, connection)!
    const waiting = setTimeout(() => socket.destroy(unreachable('It does not connect.')), connectMs)
    for (const event of [connected, 'close']) socket.once(event, () => clearTimeout(waiting))
    return socket
  }
  return agent
}
