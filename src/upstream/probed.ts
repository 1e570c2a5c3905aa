import { type Capability, inCapabilityWords, type Model, type Scope, untilAborted } from '#core'
import { type Can, type Known, knownOf, type Learned } from './capabilities.ts'
import type { Effort } from './effort.ts'
import { Attempts, probes } from './probes.ts'

export type Probing = {
  /** The model's name. */
  readonly name: string
  /** Asks it, without a cache. */
  readonly model: Model
  readonly learned: Learned
  readonly effort: Effort
  /** What the upstream's list of models says of it. */
  readonly told: () => Promise<Known>
  /** Whether requests must not wait for one another. */
  readonly isolated: boolean
}

/**
 * Finds out what a model can do by asking it, with a tiny request, once; whoever wants to know meanwhile waits for the
 * same one. Who asked first pays for it and reads so in a note. Rejects with the upstream's own error where that says
 * nothing about the model (it cannot be reached, it is overloaded), and then the next to ask tries again.
 */
export function probed({ name, model, learned, effort, told, isolated }: Probing): Can {
  return async (capability, scope) => {
    for (;;) {
      const known = knownOf(learned)[capability]
      if (known !== undefined) return known !== false
      const other = learned.probes.get(capability)
      if (!other || (isolated && other.scope.shared !== scope.shared)) return begin(capability, scope)
      try {
        return await untilAborted(other.found, scope.signal)
      } catch (error) {
        // Who is left with a probe that ended because its asker did, asks anew.
        if (scope.signal.aborted || !other.scope.signal.aborted) throw error
      }
    }
  }

  function begin(capability: Capability, scope: Scope): Promise<boolean> {
    const found = find(capability, scope)
    const probe = { scope, found }
    const end = () => {
      if (learned.probes.get(capability) === probe) learned.probes.delete(capability)
    }
    learned.probes.set(capability, probe)
    found.then(end, end)
    return found
  }

  async function find(capability: Capability, scope: Scope): Promise<boolean> {
    learned.can = { ...(await untilAborted(told(), scope.signal)), ...learned.can }
    const known = knownOf(learned)[capability]
    if (known !== undefined) return known !== false
    return scope.run('probe', capability, async (inner) => {
      const attempts = new Attempts(model, inner)
      const finding = await probes[capability](attempts, effort, learned)
      if (attempts.certain) learned.can = { ...learned.can, [capability]: finding }
      const how = typeof finding === 'string' ? `yes (${finding})` : finding ? 'yes' : 'no'
      scope.note(`${name} was asked whether it ${inCapabilityWords[capability]}: ${how}.`, { capability, finding })
      return finding !== false
    })
  }
}
