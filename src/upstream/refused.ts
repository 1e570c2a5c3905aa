import { discreet, withoutKey } from './discreet.ts'
import { readText } from './read-text.ts'
import { failureOf, largestErrorPage, strange } from './refusal.ts'
import { isHopByHop, namedBy, type Relayed, type Reply } from './transport.ts'

/** Whether a relayed reply is one that its client is not simply handed: a redirect, a refusal, or none that HTTP knows. */
export const isRefused = (status: number): boolean => status >= 300 && status !== 304

/**
 * What a client is told of a relayed reply that refuses. JSON goes on as it came, but for the `key` that it was asked with
 * and what else is its operator's business. Rejects with an UpstreamFailed for all else: what redirects would name another
 * server, and a page is for people.
 */
async function refused({ status, headers, body }: Reply, key: string | null | undefined): Promise<Response> {
  const text = withoutKey(await readText(body, largestErrorPage).catch(() => ''), key)
  const failure = strange(status)
  if (failure) throw failure
  const told = jsonOf(text, status >= 500)
  if (told === undefined) throw failureOf(status, text, headers)
  const named = namedBy(headers.get('connection') ?? '')
  const isLeftOut = (name: string, value: string) =>
    isHopByHop(name) || isOfTheBytes(name) || named.includes(name) || (key && value.includes(key))
  const kept = [...headers].filter(([name, value]) => !isLeftOut(name, value))
  return new Response(told, { status, headers: kept as [string, string][] })
}

/** The reply to a relayed request in place of one that refuses. Rejects likewise. */
export async function instead({ key, added, begun, passing }: Relayed, reply: Reply): Promise<Response> {
  passing?.(reply.status, '').ended()
  const response = await refused(reply, key)
  for (const [name, value] of Object.entries(added(reply.headers.get('x-request-id') ?? undefined)))
    response.headers.set(name, value)
  begun?.(false)
  return response
}

/** What is said of bytes that are others now. */
const isOfTheBytes = (name: string) => name === 'content-length' || name === 'content-encoding'

/** The same text if it is a JSON object with nothing to hide; undefined if it is none. */
function jsonOf(text: string, fault: boolean): string | undefined {
  let hides = false
  try {
    const json: unknown = JSON.parse(text, (_, value) => {
      if (typeof value !== 'string') return value
      const told = discreet(value, fault)
      hides ||= told !== value.trim()
      return told
    })
    if (typeof json !== 'object' || json === null) return undefined
    return hides ? JSON.stringify(json) : text
  } catch {
    return undefined
  }
}
