import { invalid, unknownModel } from '../served/refusal.ts'
import { type Turn, turnsOf } from '../served/turns.ts'

/** What a chat completion request asks for, with defaults filled in. */
export type Ask = {
  messages: readonly Turn[]
  /** How many choices to make, 1 to 128. */
  count: number
  stream: boolean
  /** Whether a stream ends with a usage chunk. */
  usage: boolean
  /** The most tokens per choice, thinking included; infinite if not set. */
  limit: number
  stops: readonly string[]
  seed: number | undefined
  /** Whether temperature 0 asks for the likeliest reply. */
  greedy: boolean
  /** The property that holds the answer of a JSON reply; null for an answer in words. */
  jsonKey: string | null
}

type Body = {
  model?: string
  messages?: unknown
  n?: number | null
  stream?: boolean | null
  stream_options?: { include_usage?: boolean } | null
  max_tokens?: number | null
  max_completion_tokens?: number | null
  stop?: string | string[] | null
  seed?: number | null
  temperature?: number | null
  response_format?: { type?: string; json_schema?: { schema?: { properties?: Record<string, { type?: string }> } } }
}

/** Reads the body of a chat completion request, or refuses it. */
export const read = (json: unknown): Ask | Response => {
  const body = (json ?? {}) as Body
  const { model = 'demo', n, stop, seed, response_format: format } = body
  const messages = turnsOf(body.messages)
  if (messages === null) return invalid('messages')
  if (model !== 'demo') return unknownModel(model)
  const count = n ?? 1
  const limit = body.max_completion_tokens ?? body.max_tokens ?? Number.POSITIVE_INFINITY
  if (!(count >= 1 && count <= 128)) return invalid('n')
  if (!(limit >= 1)) return invalid('max_tokens')
  const properties = Object.entries(format?.json_schema?.schema?.properties ?? {})
  const numeric = properties.filter(([, { type }]) => type === 'number' || type === 'integer')
  return {
    messages,
    count,
    stream: body.stream === true,
    usage: body.stream_options?.include_usage === true,
    limit,
    stops: [stop ?? []].flat().filter((text) => text !== ''),
    seed: seed ?? undefined,
    greedy: body.temperature === 0,
    jsonKey: format?.type?.startsWith('json') ? (numeric[0]?.[0] ?? 'answer') : null,
  }
}
