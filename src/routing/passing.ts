import { type Model, UpstreamFailed } from '#core'
import { wasHeard } from '../upstream/redrawn.ts'

/** A status with which an upstream says that it is down, busy or late, so that another may do better. */
export const isDown = (status: number): boolean => status === 408 || status === 429 || (status >= 500 && status !== 501)

/** The same of a failure. */
export const hasFailed = (error: unknown): error is UpstreamFailed =>
  error instanceof UpstreamFailed && isDown(error.status)

/** One after another, by name, until one answers. */
export const inTurn =
  (names: readonly [string, ...string[]], modelOf: (name: string) => Model): Model =>
  async (prompt, scope) => {
    for (const [index, name] of names.entries()) {
      const next = names[index + 1]
      try {
        const completion = await modelOf(name)(prompt, scope)
        if (index > 0) scope.shared.ledger.fellBack.set(names[0], name)
        return completion
      } catch (error) {
        if (next === undefined || scope.signal.aborted || !hasFailed(error) || wasHeard(error, scope)) throw error
        scope.note(`${name} did not answer (${error.message}), so ${next} is asked.`)
      }
    }
    throw new RangeError('There is no model to ask.')
  }
