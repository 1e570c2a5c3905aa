import { APIError } from 'openai/error'
import { UpstreamFailed } from '#core'
import { discreet, withoutKey } from './discreet.ts'
import { readText } from './read-text.ts'
import type { Reply } from './transport.ts'

export const largestErrorPage = 65_536

/**
 * The error that a reply with a failing status stands for: the upstream's own status, message and `retry-after`. `given`
 * are the headers of the call.
 */
export async function refusalOf(reply: Reply, given: Headers): Promise<UpstreamFailed> {
  const { status, headers, body, asked = given } = reply
  // The status is known even where the rest breaks off.
  const text = await readText(body, largestErrorPage).catch(() => '')
  return strange(status) ?? failureOf(status, withoutKey(text, keyIn(asked)), headers)
}

/** Some upstreams repeat the key that they refuse, which is the operator's and not the client's. */
const keyIn = (asked: Headers) => asked.get('authorization')?.replace(/^Bearer\s+/i, '')

const redirects = 'The upstream redirects, which is not followed: UPSTREAM_BASE_URL must name where it is.'

/** The failure that a status stands for by which nobody is refused. */
export function strange(status: number): UpstreamFailed | undefined {
  if (status > 599) return garbled(`status ${status}`)
  return status < 400 ? new UpstreamFailed('upstream_redirects', redirects, 502) : undefined
}

/** A reply that ended before it was complete. */
export const cut = (cause?: unknown): UpstreamFailed =>
  new UpstreamFailed('upstream_cut', "The upstream's reply broke off before its end.", 502, { cause })

/** A reply that is not what it should be. */
export const garbled = (cause: unknown): UpstreamFailed =>
  new UpstreamFailed('upstream_garbled', 'The upstream sent something that cannot be read.', 502, { cause })

/** The same for an error that arrives inside a stream or a reply with status 200; some say the status as its code. */
export function brokenOff(error: unknown, asked: Headers): UpstreamFailed {
  const code = Number((error as { code?: unknown }).code)
  const text = withoutKey(JSON.stringify({ error }), keyIn(asked))
  return failureOf(code >= 400 && code < 600 ? code : 502, text, new Headers())
}

/** The failure that a status and what was said with it stand for. */
export function failureOf(status: number, text: string, headers: Headers): UpstreamFailed {
  const json = parse(text)
  const { code, type, param } = APIError.generate(status, json, text, headers)
  const retryAfterMs = Number(headers.get('retry-after-ms') ?? Number.NaN)
  const retryAfter = Number.isFinite(retryAfterMs) ? String(retryAfterMs / 1000) : headers.get('retry-after')
  const said = messageOf(json) ?? (json || isPage(text) ? undefined : text.slice(0, 500))
  const message = said && discreet(said, status >= 500)
  return new UpstreamFailed(
    code ? String(code) : 'upstream_error',
    message || `The upstream answered with status ${status} and said nothing more.`,
    status,
    {
      ...(type ? { type: String(type) } : {}),
      ...(param ? { param: String(param) } : {}),
      ...(retryAfter ? { retryAfter } : {}),
    },
  )
}

/** A proxy's page of HTML is for people, and tells them about its network. */
const isPage = (text: string) => text.trimStart().startsWith('<')

/** OpenAI's `{error: {message}}`, Ollama's `{error: "…"}`, vLLM's `{message}`, FastAPI's `{detail: [{loc, msg}]}`. */
function messageOf(json: unknown): string | undefined {
  if (typeof json === 'string') return json
  if (Array.isArray(json)) return json.map(messageOf).filter(Boolean).join('; ') || undefined
  if (typeof json !== 'object' || json === null) return undefined
  const { error, message, detail, loc, msg } = json as Record<string, unknown>
  if (typeof msg === 'string') return Array.isArray(loc) ? `${loc.join('.')}: ${msg}` : msg
  return messageOf(error) ?? messageOf(message) ?? messageOf(detail)
}

function parse(text: string): object | undefined {
  try {
    const json: unknown = JSON.parse(text)
    return typeof json === 'object' && json !== null ? json : undefined
  } catch {
    return undefined
  }
}
