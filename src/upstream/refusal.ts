import { APIError } from 'openai/error'
import { UpstreamFailed } from '#core'
import { readText } from './read-text.ts'
import type { Reply } from './transport.ts'

const largestErrorPage = 65_536

/** The error that a reply with a failing status stands for: the upstream's own status, message and `retry-after`. */
export async function refusalOf({ status, headers, body }: Reply): Promise<UpstreamFailed> {
  return failureOf(status, await readText(body, largestErrorPage), headers)
}

/** A reply that ended before it was complete. */
export const cut = (cause?: unknown): UpstreamFailed =>
  new UpstreamFailed('upstream_cut', "The upstream's reply broke off before its end.", 502, { cause })

/** A reply that is not what it should be. */
export const garbled = (cause: unknown): UpstreamFailed =>
  new UpstreamFailed('upstream_garbled', 'The upstream sent something that cannot be read.', 502, { cause })

/** The same for an error that arrives inside a stream or a reply with status 200. */
export const brokenOff = (error: unknown): UpstreamFailed => failureOf(502, JSON.stringify({ error }), new Headers())

function failureOf(status: number, text: string, headers: Headers): UpstreamFailed {
  const json = parse(text)
  const error = APIError.generate(status, json, text, headers)
  const retryAfterMs = Number(headers.get('retry-after-ms') ?? Number.NaN)
  const retryAfter = Number.isFinite(retryAfterMs) ? String(retryAfterMs / 1000) : headers.get('retry-after')
  const message = messageOf(json) ?? (json || !text ? undefined : text.slice(0, 500))
  return new UpstreamFailed(
    error.code ?? 'upstream_error',
    message ?? `The upstream answered with status ${status} and said nothing more.`,
    status >= 400 ? status : 502,
    {
      ...(error.type ? { type: error.type } : {}),
      ...(error.param ? { param: error.param } : {}),
      ...(retryAfter ? { retryAfter } : {}),
      cause: error,
    },
  )
}

/** OpenAI's `{error: {message}}`, Ollama's `{error: "…"}`, vLLM's and FastAPI's `{message}` and `{detail}`. */
function messageOf(json: unknown): string | undefined {
  if (typeof json === 'string') return json
  if (typeof json !== 'object' || json === null) return undefined
  const { error, message, detail } = json as Record<string, unknown>
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
