import type { Config } from '../config/index.ts'
import type { Allowances } from '../state/allowance.ts'
import { memoryAllowances } from '../state/memory.ts'
import { steady } from '../state/steady.ts'
import type { Redis } from './redis.ts'
import { redisAllowances } from './redis-allowances.ts'

/** Where the use of keys is counted: in Redis, if there is one, else in this process. */
export function counting({ store }: Config, redis: Redis | undefined): Allowances {
  if (!redis) return memoryAllowances()
  const log = (line: string) => console.error(line)
  return steady(redisAllowances(redis), { title: 'Redis', timeoutMs: store.timeout, log })
}
