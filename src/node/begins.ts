import type { IncomingMessage } from 'node:http'
import { MullError } from '#core'
import { cut } from '../upstream/refusal.ts'

/**
 * Resolves when the first bytes of a reply are there, which they mostly are with its head: one that fails before it has
 * any can still be answered for. Rejects with what went wrong.
 */
export async function begins(reply: IncomingMessage): Promise<void> {
  if (reply.readableLength > 0 || reply.complete) return
  await new Promise<void>((resolve, reject) => {
    reply.once('readable', resolve).once('close', resolve)
    reply.once('error', (error) => reject(error instanceof MullError ? error : cut(error)))
  })
}

/**
 * Whether a reply cannot be an answer: it is empty, or it is a page, as it says itself: some servers give JSON this name.
 * Nothing of it is lost by asking.
 */
export function isNone(reply: IncomingMessage, type: string): boolean {
  if (reply.complete && reply.readableLength === 0) return true
  if (!type.startsWith('text/html')) return false
  const first: Buffer | null = reply.read()
  if (first) reply.unshift(first)
  return first?.toString('latin1').trimStart().startsWith('<') ?? false
}
