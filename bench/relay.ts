import { compare, events } from './compare.ts'
import { startScript, startWorker } from './servers.ts'

/** Mull as a relay against bare relays of a few lines. */
export async function relay(): Promise<void> {
  await using upstream = await startScript('bench/servers/upstream.ts', { EVENTS: String(events) })
  const env = { UPSTREAM_BASE_URL: `${upstream.url}/v1` }
  {
    await using fetching = await startScript('bench/servers/bare-fetch.ts', env)
    await using http = await startScript('bench/servers/bare-http.ts', env)
    await using mull = await startScript('src/cli.ts', env)
    await compare('Relay on Node', upstream, { 'Hono + fetch': fetching, 'Hono + node:http': http, Mull: mull }, [
      { label: 'Mull against the better bare one', of: 'Mull', to: ['Hono + fetch', 'Hono + node:http'] },
    ])
  }
  await using bare = await startWorker('bench/servers/bare-worker.ts', env)
  await using mull = await startWorker('src/worker.ts', env)
  await compare('Relay on workerd', upstream, { 'Hono + fetch': bare, Mull: mull }, [
    { label: 'Mull against the bare one', of: 'Mull', to: ['Hono + fetch'] },
  ])
}
