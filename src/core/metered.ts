import type { Strategy } from './model.ts'

/** Opens the span of one completion, and lets go of it as soon as it is not wanted. */
export const spanned =
  (name: string): Strategy =>
  (model) =>
  (prompt, outer) =>
    outer.run(
      'sample',
      name,
      async (scope) => ({ ...(await untilAborted(model(prompt, scope), scope.signal)), span: scope.span }),
      true,
    )

/** The one place that spends: asks the ledger before the model is asked. */
export const reserved: Strategy = (model) => async (prompt, scope) => {
  scope.shared.ledger.reserve()
  return model(prompt, scope)
}

/** A completion that is paid for, in a span of its own. */
export const metered =
  (name: string): Strategy =>
  (model) =>
    spanned(name)(reserved(model))

/** Rejects with the signal's reason the moment it is aborted, whatever the promise does. */
export function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const leave = () => reject(signal.reason)
    if (signal.aborted) leave()
    signal.addEventListener('abort', leave, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave))
  })
}
