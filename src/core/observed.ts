/** The same promise, whose failure is not "unhandled" (on Node the end of the process) if its strategy has failed first. */
export function observed<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {})
  return promise
}
