import type { Config } from '../config/index.ts'
import { Flights } from '../http/flights.ts'
import { beyond, inMemory, type Shelves } from '../remembered.ts'
import type { Redis } from './redis.ts'

export type Kept = {
  readonly shelves: Shelves
  /** What several processes share, if there is one. */
  readonly redis: Redis | undefined
  forget(): Promise<void>
}

/** Where what is remembered is kept, and how to let go of that. Redis is loaded where it is used. */
export async function shelvesOf(config: Config): Promise<Kept> {
  const { redis: url } = config.store
  const flights = new Flights()
  if (url === undefined) return { shelves: { ...inMemory(config), flights }, redis: undefined, forget: async () => {} }
  const [{ connectRedis, disconnect }, { redisStore }] = await Promise.all([
    import('./redis.ts'),
    import('./redis-store.ts'),
  ])
  const redis = await connectRedis(url, (line) => console.error(line))
  return { shelves: beyond(redisStore(redis), { flights }), redis, forget: () => disconnect(redis) }
}
