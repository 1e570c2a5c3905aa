import { env } from 'cloudflare:workers'
import { type AccountNamespace, durableAllowances } from '../../src/state/durable.ts'
import { promises } from './promises.ts'

const { MULL_STATE } = env as { MULL_STATE: AccountNamespace }

promises('Durable Objects', async () => durableAllowances(MULL_STATE))
