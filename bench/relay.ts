import { median, oneByOne, throughput } from './load.ts'
import { type Server, startScript, startWorker } from './servers.ts'

const plain = { model: 'm', messages: [{ role: 'user', content: 'How much is 6 times 7?' }] }
const tokens = { ...plain, stream: true, bench: 'tokens' }
const first = { ...tokens, bench: 'first' }
const events = 200
const rounds = 9

/** What one server did in one round. Latency is what it adds to the upstream's own. */
type Figures = Record<Figure, number>
type Figure = 'added' | 'first' | 'requests' | 'events'

/**
 * Mull as a relay against bare relays of a few lines. The servers take turns within each round, because the machine's
 * speed drifts: figures are medians over the rounds, ratios are medians of the ratios within each round.
 */
export async function relay(): Promise<void> {
  await using upstream = await startScript('bench/servers/upstream.ts', { EVENTS: String(events) })
  const env = { UPSTREAM_BASE_URL: `${upstream.url}/v1` }
  {
    await using fetching = await startScript('bench/servers/bare-fetch.ts', env)
    await using http = await startScript('bench/servers/bare-http.ts', env)
    await using mull = await startScript('src/cli.ts', env)
    await compare('Node', upstream, { 'Hono + fetch': fetching, 'Hono + node:http': http, Mull: mull })
  }
  await using bare = await startWorker('bench/servers/bare-worker.ts', env)
  await using mull = await startWorker('src/worker.ts', env)
  await compare('workerd', upstream, { 'Hono + fetch': bare, Mull: mull })
}

async function compare(runtime: string, upstream: Server, servers: Record<string, Server>): Promise<void> {
  const names = Object.keys(servers)
  for (const { url } of Object.values(servers)) {
    await throughput(url, plain, 64, 2)
    await throughput(url, tokens, 8, 1)
  }
  const taken: Record<string, Figures>[] = []
  for (let round = 0; round < rounds; round++) {
    const direct = median((await oneByOne(upstream.url, plain, 300)).whole)
    const directly = median((await oneByOne(upstream.url, first, 100)).first)
    const figures: Record<string, Figures> = {}
    for (const name of round % 2 ? names.toReversed() : names) {
      const { url } = servers[name]!
      figures[name] = {
        added: median((await oneByOne(url, plain, 300)).whole) - direct,
        first: median((await oneByOne(url, first, 100)).first) - directly,
        requests: await throughput(url, plain, 64, 2),
        events: (await throughput(url, tokens, 16, 2)) * events,
      }
    }
    taken.push(figures)
  }
  report(runtime, names, taken)
}

function report(runtime: string, names: readonly string[], taken: readonly Record<string, Figures>[]): void {
  const figure = (name: string, key: Figure) => median(taken.map((figures) => figures[name]![key]))
  const ratio = (key: Figure) => {
    const less = key === 'added' || key === 'first'
    const bare = names.filter((name) => name !== 'Mull').toSorted((a, b) => figure(a, key) - figure(b, key))
    const best = bare.at(less ? 0 : -1)!
    return `${median(taken.map((figures) => figures['Mull']![key] / figures[best]![key])).toFixed(2)}x`
  }
  console.error(`\n### Relay on ${runtime}\n`)
  console.error(
    '| | added latency, p50, 1 connection | added to the first chunk, p50 | requests/s, 64 connections | SSE events/s |',
  )
  console.error('| --- | --- | --- | --- | --- |')
  for (const name of names) {
    const [added, first] = [figure(name, 'added'), figure(name, 'first')].map((ms) => `${ms.toFixed(2)} ms`)
    const [requests, chunks] = [figure(name, 'requests'), figure(name, 'events')].map((value) => value.toFixed(0))
    console.error(`| ${name} | ${added} | ${first} | ${requests} | ${chunks} |`)
  }
  const ratios = (['added', 'first', 'requests', 'events'] as const).map(ratio)
  console.error(`| Mull against the better bare one | ${ratios.join(' | ')} |`)
}
