import { env } from 'cloudflare:workers'
import { cacheApiStore, type EdgeCache } from '../../src/upstream/store/cache-api.ts'
import { kvStore, type Namespace } from '../../src/upstream/store/kv.ts'
import { promises } from './promises.ts'

const { caches } = globalThis as unknown as { caches: { default: EdgeCache } }
const { MULL_KV } = env as { MULL_KV: Namespace }

promises('the Cache API', async () => cacheApiStore(caches.default))
promises('KV', async () => kvStore(MULL_KV))
