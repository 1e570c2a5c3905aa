import { MullError, UpstreamFailed } from '#core'

/** OpenAI's error object. */
export type ErrorBody = {
  error: { message: string; type: string; param: string | null; code: string | null }
}

/** What any failure looks like to the client. What was not foreseen says nothing of its inside. */
export function failureOf(error: unknown): { status: number; body: ErrorBody; headers: Record<string, string> } {
  if (!(error instanceof MullError) && !isLeaving(error)) console.error(error)
  const known = error instanceof MullError ? error : unforeseen
  const { message, type, param, code, status, retryAfter } = known
  return { status, body: { error: { message, type, param, code } }, headers: retryHeaders(retryAfter) }
}

/** Nobody is there to be told, and it is no fault of anybody. */
const isLeaving = (error: unknown) => error instanceof Error && error.name === 'AbortError'

export function failureResponse(error: unknown): Response {
  const { status, body, headers } = failureOf(error)
  return Response.json(body, { status, headers })
}

/** OpenAI's clients read milliseconds first, everyone else seconds. */
function retryHeaders(retryAfter: string | undefined): Record<string, string> {
  if (retryAfter === undefined) return {}
  const seconds = Number(retryAfter)
  if (!Number.isFinite(seconds)) return { 'retry-after': retryAfter }
  return { 'retry-after': String(Math.ceil(seconds)), 'retry-after-ms': String(Math.round(seconds * 1000)) }
}

const unforeseen = new UpstreamFailed('internal_error', 'Something went wrong inside Mull. The log says more.', 500)
