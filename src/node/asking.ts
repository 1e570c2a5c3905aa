import type { IncomingMessage } from 'node:http'
import { UpstreamFailed } from '#core'
import { tooLate, unreachable } from '../upstream/first-byte.ts'
import type { Patience } from '../upstream/patience.ts'
import { garbled } from '../upstream/refusal.ts'
import type { Pair } from '../upstream/transport.ts'
import { connectionsTo } from './connections.ts'
import { Exchange } from './exchange.ts'
import { flat } from './pairs.ts'

/** Ends what was asked, for a reason that its promise rejects with. */
export type Leave = (reason: unknown) => void

export type Question = {
  readonly method: string
  /** What follows the base URL. */
  readonly path: string
  readonly headers: readonly Pair[]
  readonly body: Uint8Array | IncomingMessage | undefined
}

/** Asks one thing after another of what is below an address. */
export function asking(baseUrl: string, { timeoutMs, connectMs = 10_000 }: Patience) {
  const { origin, pathname } = new URL(baseUrl)
  let connections = connectionsTo(origin, connectMs)

  return {
    /** Resolves when the reply begins. `started` is told how to leave, twice if a stale connection was met. */
    ask,
    /** Closes idle connections, and from now on each other one when it is idle. */
    retire() {
      connections.close()
      connections = connectionsTo(origin, connectMs, true)
    },
  }

  function ask(question: Question, started: (leave: Leave) => void, again = false): Promise<Exchange> {
    const { method, path, headers, body } = question
    return new Promise((resolve, reject) => {
      let isLeft = false
      const exchange = new Exchange({
        begun() {
          clearTimeout(timer)
          resolve(exchange)
        },
        failed(error) {
          clearTimeout(timer)
          if (isLeft) reject(error)
          else if (!again && exchange.isStale(error) && !isStream(body))
            ask(question, started, true).then(resolve, reject)
          else reject(failed(error, again))
        },
      })
      const timer = setTimeout(() => exchange.leave(tooLate(timeoutMs)), timeoutMs)
      started((reason) => {
        isLeft = true
        exchange.leave(reason as Error)
      })
      connections.dispatch(
        { method: method as 'POST', path: pathname + path, headers: flat(headers, lengthOf(body)), body: bodyOf(body) },
        exchange,
      )
    })
  }
}

function failed(error: Error, again: boolean): UpstreamFailed {
  const failure = error instanceof UpstreamFailed ? error : isUnreadable(error) ? garbled(error) : unreachable(error)
  if (again) failure.attempts = 2
  return failure
}

/** What came is no HTTP/1.1, or has too much before its body. */
const isUnreadable = (error: Error) =>
  /^(?:HPE_|UND_ERR_HEADERS_OVERFLOW)/.test((error as NodeJS.ErrnoException).code ?? '')

const isStream = (body: Question['body']): body is IncomingMessage =>
  body !== undefined && !(body instanceof Uint8Array)

/** A client's body, if it has any. */
const bodyOf = (body: Question['body']) => (isStream(body) && !isFramed(body) ? null : (body ?? null))

const isFramed = ({ headers }: IncomingMessage) =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0

/** One that is passed on keeps the length it came with, or comes in chunks. */
function lengthOf(body: Question['body']): Pair[] {
  const length = isStream(body) ? body.headers['content-length'] : undefined
  return length === undefined ? [] : [['content-length', length]]
}
