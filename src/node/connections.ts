// By its file, because Bun has a stand-in of its own by the name.
import { Client, type Dispatcher, Pool } from 'undici/index.js'
import type { Exchange } from './exchange.ts'

/**
 * A connection is kept for less than the 60 s after which load balancers drop one that is idle, or for as long as the
 * server says.
 */
const keepAliveTimeout = 55_000

/**
 * Connections to one server, as many as are asked for at once; one that is not there after so many milliseconds is given
 * up. `once` makes each of them serve a single request.
 */
export const connectionsTo = (origin: string, connectMs: number, once = false): Pool =>
  new Pool(origin, {
    connect: { timeout: connectMs },
    allowH2: false,
    pipelining: once ? 0 : 1,
    keepAliveTimeout,
    // How long a reply may take is watched over elsewhere, for all transports alike.
    headersTimeout: 0,
    bodyTimeout: 0,
    factory: (to, options) => new Connection(to, options),
  })

/** Knows whether it has carried a request before. */
export class Connection extends Client {
  #isUsed = false

  constructor(to: URL, options: Client.Options) {
    super(to, options)
    this.on('connect', () => {
      this.#isUsed = false
    })
  }

  override dispatch(options: Dispatcher.DispatchOptions, exchange: Exchange): boolean {
    exchange.over = this
    return super.dispatch(options, exchange)
  }

  /** Whether the request that begins now is not its first. */
  carries(): boolean {
    const before = this.#isUsed
    this.#isUsed = true
    return before
  }
}
