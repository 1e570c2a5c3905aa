import type { IncomingMessage } from 'node:http'
import { garbled } from '../upstream/refusal.ts'
import type { Pair } from '../upstream/transport.ts'
import type { Exchange } from './exchange.ts'

/** A message with the names and values of its headers in turn, as they came. */
type Headed = Pick<IncomingMessage, 'rawHeaders'>

export const headersOf = (exchange: Exchange): Headers =>
  readable(exchange, () => new Headers(pairsOf(exchange) as [string, string][]))

/** Some servers have a status or headers that are not allowed, and are let go of. */
export function readable<T>(exchange: Exchange, read: () => T): T {
  try {
    return read()
  } catch (error) {
    const failure = garbled(error)
    exchange.leave(failure)
    throw failure
  }
}

/** Names and values in turn. */
export function flat(...lists: readonly (readonly Pair[])[]): string[] {
  const all: string[] = []
  for (const list of lists) for (const pair of list) all.push(pair[0], pair[1])
  return all
}

export function pairsOf({ rawHeaders }: Headed): Pair[] {
  const pairs: Pair[] = []
  for (let i = 0; i < rawHeaders.length; i += 2) pairs.push([rawHeaders[i]!, rawHeaders[i + 1]!])
  return pairs
}
