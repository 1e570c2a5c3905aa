import { messageOf } from '#core'
import { withoutKey } from '../upstream/discreet.ts'
import { readText } from '../upstream/read-text.ts'
import type { Here } from './here.ts'

export type Reply = { readonly status: number; readonly json: unknown; readonly ms: number }

/** A plain reply, or why there is none. */
export type Heard = Reply | { readonly error: string }

/** Asks the upstream itself, past everything that Mull would mend. */
export async function send(
  { transport, key, headers: own }: Here,
  method: string,
  path: string,
  body?: object,
): Promise<Heard> {
  const headers = new Headers({ 'content-type': 'application/json', accept: 'application/json' })
  if (key) headers.set('authorization', `Bearer ${key}`)
  for (const [name, value] of Object.entries(own)) headers.set(name, value)
  const began = Date.now()
  try {
    const signal = AbortSignal.timeout(path === '/models' ? 5000 : 120_000)
    const sent = body === undefined ? {} : { body: JSON.stringify(body) }
    const reply = await transport.send({ method, path, headers, signal, ...sent })
    const { asked = headers } = reply
    const text = withoutKey(
      await readText(reply.body, 16 * 1024 * 1024),
      asked.get('authorization')?.slice('Bearer '.length),
    )
    return { status: reply.status, json: parsed(text), ms: Date.now() - began }
  } catch (error) {
    return { error: messageOf(error) }
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

export const isRefusal = (status: number) => status === 401 || status === 403

/** What an error says, in whatever form. */
export function complaintIn(json: unknown): string {
  const { error, message } = (typeof json === 'object' && json !== null ? json : {}) as Record<string, unknown>
  const said = (error as { message?: unknown } | undefined)?.message ?? error ?? message ?? json
  return String(typeof said === 'object' ? JSON.stringify(said) : said).slice(0, 300)
}
