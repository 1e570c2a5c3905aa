import { UpstreamFailed } from '#core'
import { late } from './patience.ts'

/** Gives the upstream `ms` milliseconds to begin its reply. The time starts with the call, inside whatever slot it holds. */
export async function withinFirstByte<T>(
  ms: number,
  signal: AbortSignal,
  send: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const ending = new AbortController()
  const timer = setTimeout(() => ending.abort(tooLate(ms)), ms)
  const limited = AbortSignal.any([signal, ending.signal])
  try {
    return await reached({ signal: limited }, send(limited))
  } finally {
    clearTimeout(timer)
  }
}

/** What a call comes to: its reply, or the reason it was aborted for, or that the upstream is out of reach. */
export const reached = <T>(request: { readonly signal: AbortSignal }, reply: Promise<T>): Promise<T> =>
  reply.catch((error: unknown) => {
    request.signal.throwIfAborted()
    throw unreachable(error)
  })

export const tooLate = (ms: number): UpstreamFailed =>
  late(`sent nothing for ${ms / 1000} s`, 'UPSTREAM_TIMEOUT_MS, or timeouts.firstByte of the upstream,')

/** The cause may name hosts and addresses, which are the operator's business, not the client's. */
export const unreachable = (cause: unknown): UpstreamFailed =>
  new UpstreamFailed('upstream_unreachable', 'The upstream could not be reached.', 502, { cause })
