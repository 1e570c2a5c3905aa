import type { Upstream } from './config/index.ts'
import { fetchTransport } from './upstream/fetch-transport.ts'
import { type TinyOptions, tiny } from './upstream/tiny.ts'
import type { Transport } from './upstream/transport.ts'

/** tiny-r1 behind the transport that it has in place of a network; a module of its own, so that who does not use it does not carry it. */
export function tinyTransport({ timeouts }: Upstream, options: TinyOptions): Transport {
  const answer = tiny(options)
  return fetchTransport((url, init) => answer(new Request(url, init)), {
    baseUrl: 'http://tiny-r1/v1',
    timeoutMs: timeouts.firstByte,
  })
}
