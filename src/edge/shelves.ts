import { waitUntil } from 'cloudflare:workers'
import { beyond, type Shelves } from '../remembered.ts'
import { cacheApiStore, type EdgeCache } from '../upstream/store/cache-api.ts'
import { kvStore, type Namespace } from '../upstream/store/kv.ts'

/** What is written within so many milliseconds is written at once: KV takes one text a second for each key. */
const pauseMs = 1000

/** In the KV that is bound to it, else in the cache of the data centre. Isolates come and go too often to keep anything. */
export function shelvesOf({ MULL_KV: namespace }: Readonly<Record<string, unknown>>): Shelves {
  const { caches } = globalThis as unknown as { readonly caches: { readonly default: EdgeCache } }
  const store = namespace ? kvStore(namespace as Namespace) : cacheApiStore(caches.default)
  return beyond(store, { pauseMs, outlive: waitUntil })
}
