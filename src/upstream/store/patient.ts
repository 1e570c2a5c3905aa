import { Breaker } from '../breaker.ts'
import type { Store } from './store.ts'

/**
 * A store that nobody waits for: what takes longer than `ms` milliseconds rejects, and one that fails again and again is
 * left alone for a while, in which every call rejects at once.
 */
export function patient(store: Store, ms: number): Store {
  const breaker = new Breaker()

  async function within<T>(ask: () => Promise<T>): Promise<T> {
    if (!breaker.ready) throw new Error('The store has failed, and is left alone for a while.')
    const trial = breaker.begin()
    try {
      const told = await inTime(ask(), ms)
      trial.succeeded()
      return told
    } catch (error) {
      trial.failed()
      throw error
    }
  }

  return {
    get: (key) => within(() => store.get(key)),
    set: (key, text, ttlMs) => within(() => store.set(key, text, ttlMs)),
    list: (key) => within(() => store.list(key)),
    append: (key, texts, ttlMs) => within(() => store.append(key, texts, ttlMs)),
  }
}

function inTime<T>(told: Promise<T>, ms: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`The store did not answer within ${ms} ms.`)), ms)
    told.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}
