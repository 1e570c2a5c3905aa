import { mullHere } from './here.ts'
import type { Progress } from './progress.ts'
import { chosenUpstream, type UpstreamFlags } from './upstream.ts'

/** Asks a Mull, at a path after `/v1`. */
export type Send = (path: string, body?: object, signal?: AbortSignal) => Promise<Response>

/** One in this process; what it spends is told to the progress. */
export async function sendHere(flags: UpstreamFlags, progress: Progress): Promise<Send> {
  const { app } = mullHere(await chosenUpstream(flags), (ledger) => {
    progress.ledger = ledger
  })
  return async (path, body) => app.fetch(requestTo(`http://mull/v1${path}`, body))
}

/** One that runs already. */
export function sendTo(url: string, key: string | undefined): Send {
  const base = url.replace(/\/+$/, '').replace(/\/v1$/, '')
  return async (path, body, signal) => {
    try {
      return await fetch(requestTo(`${base}/v1${path}`, body, key), signal ? { signal } : {})
    } catch (error) {
      signal?.throwIfAborted()
      throw new Error(`Nothing answers at ${base}: "mull" starts one there, or leave --url out.`, { cause: error })
    }
  }
}

const requestTo = (url: string, body?: object, key?: string) =>
  new Request(url, {
    headers: { 'content-type': 'application/json', ...(key ? { authorization: `Bearer ${key}` } : {}) },
    ...(body ? { method: 'POST', body: JSON.stringify(body) } : {}),
  })

/** An error in OpenAI's form. */
export class Refused extends Error {
  readonly code: string | undefined
  constructor(body: unknown, status?: number) {
    const { error } = (body ?? {}) as { error?: { message?: string; code?: string } | string }
    const { message, code } = typeof error === 'string' ? { message: error } : ((error ?? {}) as Partial<Refused>)
    super(message ?? `The answer is an error${status ? ` (HTTP ${status})` : ''} that says nothing.`)
    this.code = code
  }
}
