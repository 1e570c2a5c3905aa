import { MullError, type Service, type Shared, UpstreamFailed, untilAborted } from '#core'
import { type Limiter, limiter } from './limited.ts'
import { readText } from './read-text.ts'
import { cut, garbled, refusalOf } from './refusal.ts'
import { RetryBudget, type RetryOptions, retried } from './retry.ts'
import type { Transport } from './transport.ts'

export type ServiceOptions = RetryOptions & {
  /** What it is called in errors. */
  readonly title: string
  /** To its address alone: it is sent to with an empty path. */
  readonly transport: Transport
  readonly key?: string | undefined
  readonly kind?: string
  readonly model?: string | undefined
  /** For a whole reply. */
  readonly timeoutMs: number
  /** How many requests may be under way at once, over all or in each request (see `isolated`). */
  readonly concurrency: number
  /** For a runtime where requests must not wait for each other (Workers). */
  readonly isolated?: boolean
}

const largestReply = 4 * 1024 * 1024

/**
 * Something beside the model that speaks JSON: a reward model, a verifier. Its address and its key are the operator's,
 * and no client is told them.
 */
export function service({ title, transport, key, kind, model, timeoutMs, ...options }: ServiceOptions): Service {
  const headers = new Headers({ 'content-type': 'application/json', accept: 'application/json' })
  if (key) headers.set('authorization', `Bearer ${key}`)
  const budget = new RetryBudget()
  const slotOf = options.isolated ? ofEach(options.concurrency) : always(limiter(options.concurrency))

  return {
    ...(kind ? { kind } : {}),
    ...(model ? { model } : {}),
    ask: (body, { signal, shared }) => {
      const sent = JSON.stringify(body)
      const asked = slotOf(shared)(async () => {
        signal.throwIfAborted()
        return retried(() => post(sent, signal), signal, { ...options, budget })
      })
      return untilAborted(asked, signal)
    },
  }

  async function post(body: string, signal: AbortSignal): Promise<unknown> {
    const late = AbortSignal.timeout(timeoutMs)
    const limited = AbortSignal.any([signal, late])
    try {
      const reply = await transport.send({ method: 'POST', path: '', headers, body, signal: limited })
      if (reply.status >= 300) throw await refusalOf(reply, headers)
      return parse(await untilAborted(readText(reply.body, largestReply), limited))
    } catch (error) {
      signal.throwIfAborted()
      const isLate = late.aborted || (error instanceof MullError && error.code === 'upstream_timeout')
      throw isLate ? tooLate() : named(error)
    }
  }

  function tooLate(): UpstreamFailed {
    const message = `${title} did not answer within ${timeoutMs / 1000} s. MULL_SERVICE_TIMEOUT_MS sets how long to wait.`
    return new UpstreamFailed('upstream_timeout', message, 504)
  }

  /** Says of whom the error is, and keeps its status and when to come again. */
  function named(error: unknown): UpstreamFailed {
    const { code, message, status, type, retryAfter } = error instanceof MullError ? error : cut(error)
    const about = code in inOtherWords ? inOtherWords[code as keyof typeof inOtherWords] : `: ${message}`
    return new UpstreamFailed(code, `${title}${about}`, status, { type, ...(retryAfter ? { retryAfter } : {}) })
  }
}

/** What is said of an upstream, for something that is none. */
const inOtherWords = {
  upstream_unreachable: ' could not be reached.',
  upstream_redirects: ' redirects, which is not followed.',
  upstream_cut: ' broke off its reply.',
  upstream_garbled: ' sent something that is not JSON.',
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw garbled(error)
  }
}

const always = (slot: Limiter) => () => slot

function ofEach(concurrency: number): (shared: Shared) => Limiter {
  const slots = new WeakMap<Shared, Limiter>()
  return (shared) => {
    const slot = slots.get(shared) ?? limiter(concurrency)
    slots.set(shared, slot)
    return slot
  }
}
