import type { Strategy } from '#core'
import type { Bank } from './bank.ts'
import { isWorthKeeping } from './kept.ts'

/** What a request lets the bank do: give it samples of earlier requests, and keep its own for later ones. */
export type Reuse = { readonly read: boolean; readonly write: boolean }

/**
 * Takes the samples of earlier requests before any are drawn, and keeps those that are drawn as soon as each is whole,
 * whatever becomes of the request.
 */
export const banked =
  (bank: Bank, origin: string, { read, write }: Reuse): Strategy =>
  (model) =>
  async (prompt, scope) => {
    const pool = bank.pool(origin, prompt, scope, !read)
    const at = pool.asked++
    const known = (await pool.banked)[at]
    scope.signal.throwIfAborted()
    if (known) {
      scope.reuse(known)
      return known
    }
    const sample = await model(prompt, scope)
    if (write && isWorthKeeping(sample, prompt)) pool.keep(at, sample)
    return sample
  }
