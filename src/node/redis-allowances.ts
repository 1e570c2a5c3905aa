import type { Allowances, Taken } from '../state/allowance.ts'
import type { Redis } from './redis.ts'

/** Allowances that every process knows of which is connected to the same Redis. */
export const redisAllowances = (redis: Pick<Redis, 'account'>): Allowances => ({
  take: async (owner, takes, hold) => (await redis.account(owner, { call: 'take', takes, hold })) as Taken,
  settle: async (owner, id, spent) => void (await redis.account(owner, { call: 'settle', id, spent })),
  renew: async (owner, hold) => void (await redis.account(owner, { call: 'renew', hold })),
})
