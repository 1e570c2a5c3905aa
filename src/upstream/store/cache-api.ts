import { listed, type Store } from './store.ts'

/** The cache of a Worker, as far as it is used here. */
export type EdgeCache = {
  match(url: string): Promise<Response | undefined>
  put(url: string, response: Response): Promise<void>
}

/** Kept by Cloudflare's cache: for the data centre that it was kept in, and not at all on workers.dev. */
export const cacheApiStore = (cache: EdgeCache): Store =>
  listed({
    get: async (key) => (await cache.match(urlOf(key)))?.text(),
    set: (key, text, ttlMs) =>
      cache.put(urlOf(key), new Response(text, { headers: { 'cache-control': `max-age=${Math.ceil(ttlMs / 1000)}` } })),
  })

/** Keys of the cache are addresses; this one is nobody's. */
const urlOf = (key: string) => `https://mull.invalid/${encodeURIComponent(key)}`
