import type { Transport } from '../transport.ts'
import type { Address } from './replica.ts'

/** The same transport with the key and headers of one address, in place of those that all have. */
export function asOwn({ key, headers = {} }: Address, transport: Transport): Transport {
  const own = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const)
  if (key !== undefined) own.push(['authorization', `Bearer ${key}`])
  if (own.length === 0) return transport
  const names = new Set(own.map(([name]) => name))
  return {
    async send(call) {
      const all = new Headers(call.headers)
      for (const [name, value] of own) all.set(name, value)
      return { ...(await transport.send({ ...call, headers: all })), asked: all }
    },
    relay: (relayed) =>
      transport.relay({
        ...relayed,
        key: key ?? relayed.key,
        headers: (client) => {
          const sent = relayed.headers(client).filter(([name]) => !names.has(name.toLowerCase()))
          // Anthropic's clients have their key there.
          const keyed = sent.map((pair) =>
            key !== undefined && pair[0].toLowerCase() === 'x-api-key' ? ([pair[0], key] as const) : pair,
          )
          return [...keyed, ...own]
        },
      }),
  }
}
