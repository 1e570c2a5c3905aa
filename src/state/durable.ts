import type { Allowances, Hold, Spent, Take, Taken } from './allowance.ts'

/** What a Durable Object of ours can be asked, from outside. */
export type AccountStub = {
  take(takes: readonly Take[], hold: Hold): Promise<Taken>
  settle(id: string, spent: readonly Spent[]): Promise<void>
  renew(hold: Hold): Promise<void>
}

/** A binding to Durable Objects, as far as it is used here. */
export type AccountNamespace = { getByName(name: string): AccountStub }

/** Allowances that every Worker knows of which has the same binding: each owner has an object of their own. */
export const durableAllowances = (accounts: AccountNamespace): Allowances => ({
  take: (owner, takes, hold) => accounts.getByName(owner).take(takes, hold),
  settle: (owner, id, spent) => accounts.getByName(owner).settle(id, spent),
  renew: (owner, hold) => accounts.getByName(owner).renew(hold),
})
