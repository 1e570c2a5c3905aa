import { DurableObject } from 'cloudflare:workers'
import { Account } from './account.ts'
import type { Hold, Spent, Take, Taken } from './allowance.ts'

/** The account of one owner, where all Workers ask; its storage outlives it. */
export class MullState extends DurableObject {
  readonly #account = new Account(this.ctx.storage.kv)

  take(takes: readonly Take[], hold: Hold): Taken {
    return this.#account.take(takes, hold)
  }

  settle(id: string, spent: readonly Spent[]): void {
    this.#account.settle(id, spent)
  }

  renew(hold: Hold): void {
    this.#account.renew(hold)
  }
}
