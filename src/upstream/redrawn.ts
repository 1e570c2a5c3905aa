import { type Scope, type Strategy, UpstreamFailed } from '#core'
import { attemptsOf, type RetryBudget } from './retry.ts'

/** What was heard of an answer by the client, or by somebody who acts on it as it comes, cannot be said once more. */
export const wasHeard = ({ begun }: UpstreamFailed, { tail, watched }: Scope): boolean => begun && (tail || watched)

/** A time-out has used up its time already. */
const brokeOff = (error: unknown): error is UpstreamFailed =>
  error instanceof UpstreamFailed && error.begun && error.status >= 500 && error.code !== 'upstream_timeout'

/** Draws a sample anew that broke off in its midst, as when its server died, where nobody has heard its beginning. */
export const redrawn =
  (retries: number, budget: RetryBudget): Strategy =>
  (model) =>
  async (prompt, scope) => {
    for (let left = retries; ; ) {
      try {
        return await model(prompt, scope)
      } catch (error) {
        left -= attemptsOf(error)
        if (left < 0 || scope.signal.aborted || !brokeOff(error) || wasHeard(error, scope) || !budget.take())
          throw error
        scope.shared.ledger.retries++
      }
    }
  }
