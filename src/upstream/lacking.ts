import { LRUCache } from 'lru-cache'

/** Paths that the upstream does not serve, for a while: it may be updated while this process goes on. */
export type Lacking = { has(path: string): boolean; add(path: string): void }

const knownMs = 600_000

export function lacking(): Lacking {
  const paths = new LRUCache<string, true>({ max: 100, ttl: knownMs })
  return { has: (path) => paths.has(path), add: (path) => void paths.set(path, true) }
}
