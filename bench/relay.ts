import { compare, events } from './compare.ts'
import { startScript, startWorker } from './servers.ts'

/** Mull as a relay against bare relays of a few lines. */
export async function relay(): Promise<void> {
  await using upstream = await startScript('bench/servers/upstream.ts', { EVENTS: String(events) })
  const env = { UPSTREAM_BASE_URL: `${upstream.url}/v1` }
  const script = (name: string) => () => startScript(name, env)
  const onNode = {
    'Hono + fetch': script('bench/servers/bare-fetch.ts'),
    'Hono + node:http': script('bench/servers/bare-http.ts'),
    Mull: script('src/cli.ts'),
  }
  await compare('Relay on Node', upstream, onNode, [
    { label: 'Mull against the better bare one', of: 'Mull', to: ['Hono + fetch', 'Hono + node:http'] },
  ])
  const worker = (name: string) => () => startWorker(name, env)
  const onWorkerd = { 'Hono + fetch': worker('bench/servers/bare-worker.ts'), Mull: worker('src/worker.ts') }
  await compare('Relay on workerd', upstream, onWorkerd, [
    { label: 'Mull against the bare one', of: 'Mull', to: ['Hono + fetch'] },
  ])
}
