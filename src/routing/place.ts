import type { Caller, Upstream } from '../upstream/index.ts'
import type { Serves } from './serves.ts'

/** One of several upstreams. */
export type Named = {
  readonly name: string
  /** Undefined where its own list of models says it. */
  readonly serves: Serves | undefined
  readonly upstream: Upstream
  /** The same caller as this upstream is to know it: with the operator's key and headers. */
  readonly as: (caller: Caller) => Caller
  /** The key it is asked with on their behalf; see Caller. */
  readonly keyOf: (caller: Caller) => Caller['key']
}

/** Where a model is, and what it is called there. */
export type Place = { readonly at: Named; readonly model: string }
