import type { IncomingMessage } from 'node:http'
import { garbled } from '../upstream/refusal.ts'
import type { Pair } from '../upstream/transport.ts'

export const headersOf = (reply: IncomingMessage): Headers =>
  readable(reply, () => new Headers(pairsOf(reply) as [string, string][]))

/** Some servers have a status or headers that are not allowed, and are let go of. */
export function readable<T>(reply: IncomingMessage, read: () => T): T {
  try {
    return read()
  } catch (error) {
    reply.destroy()
    throw garbled(error)
  }
}

/** Headers as `node:http` takes them: names and values in turn. */
export function flat(...lists: readonly (readonly Pair[])[]): string[] {
  const all: string[] = []
  for (const list of lists) for (const pair of list) all.push(pair[0], pair[1])
  return all
}

export function pairsOf({ rawHeaders }: IncomingMessage): Pair[] {
  const pairs: Pair[] = []
  for (let i = 0; i < rawHeaders.length; i += 2) pairs.push([rawHeaders[i]!, rawHeaders[i + 1]!])
  return pairs
}
