import type { Scope } from '#core'

/** The servers that the tries at one completion have been sent to. */
export type Visited = Set<string>

const known = new WeakMap<Scope, Visited>()

/** Notes that what is asked in a scope is a try at a completion, of which others may have been elsewhere. */
export const remember = (scope: Scope, visited: Visited): Scope => {
  known.set(scope, visited)
  return scope
}

/** Where tries at what is asked in these scopes have been. */
export const visitedBy = (scopes: readonly Scope[]): readonly Visited[] =>
  scopes.flatMap((scope) => known.get(scope) ?? [])
