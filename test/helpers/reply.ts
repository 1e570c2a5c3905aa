import type { IncomingHttpHeaders } from 'node:http'

/** Something a test lets happen when it is ready for it. */
export interface Gate {
  promise: Promise<void>
  open(): void
}

/** A closed gate. */
export function gate(): Gate {
  const { promise, resolve } = Promise.withResolvers<void>()
  return { promise, open: resolve }
}

/** One request that came in whole. */
export interface Asked {
  method: string
  /** As sent, with the query. */
  path: string
  headers: IncomingHttpHeaders
  raw: Buffer
  /** undefined when the body is not JSON. */
  json: AskedJson | undefined
}

/** What tests look at in a request. */
export interface AskedJson {
  model?: string
  messages?: { role: string; content: unknown; [field: string]: unknown }[]
  n?: number | null
  stream?: boolean | null
  stream_options?: { include_usage?: boolean } | null
  [field: string]: unknown
}

/** One answer. */
export interface Choice {
  text: string
  thinking?: string | undefined
  /** Where the thinking goes: a field of the message (by default reasoning_content), `<think>` tags, or nowhere. */
  field?: 'reasoning_content' | 'reasoning' | 'tags' | 'none' | undefined
  finish?: string | undefined
  toolCalls?: { id: string; name: string; arguments: string }[] | undefined
}

/** A chat completion, streamed or not as the request asks. Only the first choice is sent unless the request has n > 1. */
export type Completion = (Choice | { choices: Choice[] }) & {
  /** null: the upstream reports none. By default 10 tokens in, 5 out for each choice. */
  usage?: Record<string, unknown> | null | undefined
}

/** An error in OpenAI's form. */
export interface Failure {
  status: number
  error: { message: string; type?: string; param?: string | null; code?: string | null }
  headers?: Record<string, string>
}

/** Bytes as they are, each chunk written by itself. By default 200, with the content type the request asks for. */
export interface Raw {
  status?: number
  headers?: Record<string, string>
  chunks: (string | Buffer)[]
  /** The connection is dropped after the chunks. */
  cut?: boolean
}

/** What the fake upstream answers. A request whose client leaves while it is held is noticed at once. */
export type Reply = (Completion | Failure | { raw: Raw }) & {
  /** Nothing is sent, not even headers, before it opens. */
  hold?: Gate | undefined
  /** The reply pauses after so many chunks: server-sent events, or those of a raw reply. A JSON body is one chunk. */
  holdAfter?: { chunks: number; gate: Gate } | undefined
}
