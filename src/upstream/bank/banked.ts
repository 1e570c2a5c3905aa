import type { Strategy } from '#core'
import { askerOf, type Caller } from '../headers.ts'
import { Bank, type BankOptions } from './bank.ts'
import { isWorthKeeping } from './kept.ts'

/** What a request lets the bank do: give it samples of earlier requests, and keep its own for later ones. */
export type Reuse = { readonly read: boolean; readonly write: boolean }

export const asItIs: Strategy = (model) => model

/** The bank, or none, for a model that is asked on behalf of a caller. */
export function banking(options: BankOptions | undefined): (name: string, caller: Caller, reuse: Reuse) => Strategy {
  if (!options) return () => asItIs
  const bank = new Bank(options)
  return (name, caller, reuse) => banked(bank, JSON.stringify([askerOf(caller, options.shared), name]), reuse)
}

/**
 * Takes the samples of earlier requests before any are drawn, and keeps those that are drawn as soon as each is whole,
 * whatever becomes of the request.
 */
const banked =
  (bank: Bank, asked: string, { read, write }: Reuse): Strategy =>
  (model) =>
  async (prompt, scope) => {
    const pool = bank.pool(asked, prompt, scope, !read)
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
