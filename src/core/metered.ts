import type { Model, Strategy } from './model.ts'

/** The one place that spends: opens the span, asks the ledger, and lets go of the call as soon as it is not wanted. */
export const metered =
  (name: string): Strategy =>
  (model: Model) =>
  (prompt, outer) =>
    outer.run(
      'sample',
      name,
      async (scope) => {
        scope.shared.ledger.reserve()
        return { ...(await untilAborted(model(prompt, scope), scope.signal)), span: scope.span }
      },
      true,
    )

/** Rejects with the signal's reason the moment it is aborted, whatever the promise does. */
export function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const leave = () => reject(signal.reason)
    if (signal.aborted) leave()
    signal.addEventListener('abort', leave, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave))
  })
}
