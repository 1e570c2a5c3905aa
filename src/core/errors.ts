export type ErrorDetails = {
  param?: string
  type?: string
  cause?: unknown
  retryAfter?: string
  headers?: Readonly<Record<string, string>>
}

/** Base of every error a client may see: a code to program against, a sentence to read, an HTTP status. */
export class MullError extends Error {
  readonly code: string
  readonly status: number
  /** The field of the request that is to blame, where one is. */
  readonly param: string | null
  /** OpenAI's error type; derived from the status unless the upstream said another. */
  readonly type: string
  /** The `retry-after` header to pass on, in seconds or as an HTTP date. */
  readonly retryAfter: string | undefined
  /** Further headers for the reply that tells of it. */
  readonly headers: Readonly<Record<string, string>>

  constructor(code: string, message: string, status: number, details: ErrorDetails = {}) {
    super(message, { cause: details.cause })
    this.name = new.target.name
    this.code = code
    this.status = status
    this.param = details.param ?? null
    this.type = details.type ?? typeOf(status)
    this.retryAfter = details.retryAfter
    this.headers = details.headers ?? {}
  }
}

/** The client asked for something that cannot be done as asked. */
export class BadRequest extends MullError {
  constructor(message: string, details: ErrorDetails & { code?: string; status?: number } = {}) {
    super(details.code ?? 'invalid_request', message, details.status ?? 400, details)
  }
}

/** The text after the model's name, or a strategy option, cannot be read. */
export class BadRecipe extends BadRequest {
  constructor(message: string, param = 'model') {
    super(message, { code: 'invalid_recipe', param })
  }
}

/** A limit of the request was reached before anything could be answered. Asked again, it would be reached again. */
export class BudgetExhausted extends MullError {
  readonly limit: string
  /** What ended, as the beginning of a sentence. */
  readonly ended: string

  constructor(limit: string, { code, message, status, ended }: Ending = spent(limit)) {
    super(code, message, status)
    this.limit = limit
    this.ended = ended
  }
}

type Ending = { readonly code: string; readonly message: string; readonly status: number; readonly ended: string }

const spent = (limit: string): Ending => ({
  code: 'budget_exhausted',
  message: `The budget of ${limit} for this request was spent before there was an answer.`,
  status: 429,
  ended: `The budget of ${limit} is spent`,
})

/** The time that the request's client gave it has passed. */
export class DeadlineReached extends BudgetExhausted {
  /** `ms`: what the client gave it. Of so many samples asked for, so many were done. */
  constructor(ms: number, { asked, done }: { readonly asked: number; readonly done: number }) {
    super('deadline', {
      code: 'deadline_exceeded',
      message:
        `The deadline of ${Math.max(0, ms) / 1000} s came before there was an answer: ${done} of ${asked} samples were in. ` +
        'Give it more time (mull.deadline, x-mull-deadline, or the timeout of the client), or ask for less.',
      status: 504,
      ended: 'The deadline is near',
    })
  }
}

/** The upstream refused, failed or could not be reached. Status and message are its own. */
export class UpstreamFailed extends MullError {
  /** Whether a part of an answer was heard before it failed. */
  begun = false
  /** How often it was asked for until then. */
  attempts = 1
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** Someone left or something decided: whatever was cancelled is no longer wanted. */
export const cancelled = (reason: string) => new DOMException(reason, 'AbortError')

function typeOf(status: number): string {
  if (status === 401) return 'authentication_error'
  if (status === 403) return 'permission_error'
  if (status === 404) return 'not_found_error'
  if (status === 429) return 'rate_limit_error'
  return status < 500 ? 'invalid_request_error' : 'server_error'
}
