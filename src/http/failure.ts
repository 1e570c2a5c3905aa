import { BudgetExhausted, MullError, UpstreamFailed } from '#core'
import type { Failure } from './door.ts'

/** What any failure looks like to a client of OpenAI's. */
export function failureOf(error: unknown): Failure {
  const known = knownOf(error)
  const { message, type, param, code, status } = known
  return { status, body: { error: { message, type, param, code } }, headers: headersOf(known) }
}

/** What a failure may tell the client. What was not foreseen says nothing of its inside. */
export function knownOf(error: unknown): MullError {
  if (error instanceof MullError) return error
  if (!isLeaving(error)) console.error(traceOf(error))
  return unforeseen
}

/** Where it went wrong, for the log. What a client sent must not look like a line of it, or command the terminal. */
function traceOf(error: unknown): string {
  if (!(error instanceof Error)) return inOneLine(String(error))
  const { name, message, stack = '' } = error
  return inOneLine(`${name}: ${message}`) + stack.slice(stack.indexOf(message) + message.length)
}

const inOneLine = (text: string) => text.replace(/\p{Cc}/gu, ' ')

/** Nobody is there to be told, and it is no fault of anybody. */
const isLeaving = (error: unknown) => error instanceof Error && error.name === 'AbortError'

export function failureResponse(error: unknown, form = failureOf): Response {
  const { status, body, headers } = form(error)
  return Response.json(body, { status, headers })
}

/** What a failure says beside its body. */
export const headersOf = (error: MullError): Record<string, string> => ({ ...error.headers, ...retryHeaders(error) })

/**
 * When to ask again: OpenAI's clients read milliseconds first, everyone else seconds. What spent all that it was allowed
 * would spend as much again, and OpenAI's and Anthropic's clients ask again by themselves unless they are told not to.
 */
function retryHeaders(error: MullError): Record<string, string> {
  const { retryAfter } = error
  if (error instanceof BudgetExhausted) return { 'x-should-retry': 'false' }
  if (retryAfter === undefined) return {}
  const seconds = Number(retryAfter)
  if (!Number.isFinite(seconds)) return { 'retry-after': retryAfter }
  return { 'retry-after': String(Math.ceil(seconds)), 'retry-after-ms': String(Math.round(seconds * 1000)) }
}

const unforeseen = new UpstreamFailed('internal_error', 'Something went wrong inside Mull. The log says more.', 500)
