import { listed, type Store } from './store.ts'

/** A binding to Workers KV, as far as it is used here. */
export type Namespace = {
  get(key: string): Promise<string | null>
  put(key: string, text: string, options: { expirationTtl: number }): Promise<void>
}

/** KV keeps nothing for less than a minute. */
const leastSeconds = 60

/** Kept in Workers KV: for every data centre, each of which may see what another has written a minute late. */
export const kvStore = (namespace: Namespace): Store =>
  listed({
    get: async (key) => (await namespace.get(key)) ?? undefined,
    set: (key, text, ttlMs) =>
      namespace.put(key, text, { expirationTtl: Math.max(leastSeconds, Math.ceil(ttlMs / 1000)) }),
  })
