import type { Shared, Strategy } from '#core'
import { keyOf } from '../key.ts'
import { Race } from './race.ts'
import { type Clock, Siblings } from './siblings.ts'

/**
 * Asks a second time for a sample that is late among its siblings, where the request wants that: whichever is there first
 * is the sample, and the other is cancelled. Where words go out as they come, whichever begins first is, and nothing is
 * asked again once one has begun. At temperature 0 it would be the same once more. The second call is one like any other
 * for budgets, usage and the trace. `name` is the model's, `turn` what the second call has to wait for, and `clock` what
 * tells the time.
 */
export const hedged =
  (name: string, turn: Strategy, clock?: Clock): Strategy =>
  (model) => {
    const again = turn(model)
    const families = new WeakMap<Shared, Map<string, Siblings>>()

    return (prompt, scope) => {
      const { hedge } = scope.shared
      if (hedge === undefined || prompt.temperature === 0) return model(prompt, scope)
      return new Race(name, prompt, scope).run(siblingsOf(scope.shared, keyOf(prompt), hedge), model, again)
    }

    function siblingsOf(shared: Shared, key: string, share: number): Siblings {
      const families = familiesOf(shared)
      const siblings = families.get(key) ?? new Siblings(share, clock)
      families.set(key, siblings)
      return siblings
    }

    function familiesOf(shared: Shared): Map<string, Siblings> {
      const known = families.get(shared) ?? new Map()
      families.set(shared, known)
      return known
    }
  }
