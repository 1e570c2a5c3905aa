import { Account, type Shelf } from './account.ts'
import type { Allowances } from './allowance.ts'

/** Allowances that this process alone knows of. */
export function memoryAllowances(now: () => number = Date.now): Allowances {
  const accounts = new Map<string, Account>()
  const of = (owner: string) => {
    const account = accounts.get(owner) ?? new Account(new Drawer(), now)
    accounts.set(owner, account)
    return account
  }
  return {
    take: async (owner, takes, hold) => of(owner).take(takes, hold),
    settle: async (owner, id, spent) => of(owner).settle(id, spent),
    renew: async (owner, hold) => of(owner).renew(hold),
  }
}

class Drawer implements Shelf {
  readonly #values = new Map<string, unknown>()

  get<T>(key: string): T | undefined {
    return this.#values.get(key) as T | undefined
  }

  put<T>(key: string, value: T): void {
    this.#values.set(key, value)
  }

  delete(key: string): void {
    this.#values.delete(key)
  }

  *list<T>({ prefix }: { prefix: string }): Iterable<[string, T]> {
    for (const [key, value] of this.#values) if (key.startsWith(prefix)) yield [key, value as T]
  }
}
