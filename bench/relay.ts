import { median, oneByOne, throughput } from './load.ts'
import { type Server, startScript, startWorker } from './servers.ts'

const plain = { model: 'm', messages: [{ role: 'user', content: 'How much is 6 times 7?' }] }
const tokens = { ...plain, stream: true, bench: 'tokens' }
const events = 200
const rounds = 5

/** What one server did in one round. Latency is what it adds to the upstream's own. */
type Figures = { added: number; first: number; requests: number; events: number }

/**
 * Mull as a relay against bare relays of a few lines. The servers take turns within each round, and each figure is the
 * median over the rounds.
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
  const taken: Record<string, Figures[]> = Object.fromEntries(names.map((name) => [name, []]))
  for (const { url } of Object.values(servers)) {
    await throughput(url, plain, 64, 2)
    await throughput(url, tokens, 8, 1)
  }
  for (let round = 0; round < rounds; round++) {
    const direct = await oneByOne(upstream.url, plain, 500)
    const directly = await oneByOne(upstream.url, tokens, 100)
    for (const name of round % 2 ? names.toReversed() : names) {
      const { url } = servers[name]!
      const whole = median((await oneByOne(url, plain, 500)).whole)
      const first = median((await oneByOne(url, tokens, 100)).first)
      taken[name]!.push({
        added: whole - median(direct.whole),
        first: first - median(directly.first),
        requests: await throughput(url, plain, 64, 3),
        events: (await throughput(url, tokens, 16, 3)) * events,
      })
    }
  }
  const figure = (name: string, key: keyof Figures) => median(taken[name]!.map((figures) => figures[key]))
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
  const best = (key: keyof Figures, pick: (...values: number[]) => number) =>
    pick(...names.filter((name) => name !== 'Mull').map((name) => figure(name, key)))
  const against = [
    figure('Mull', 'added') / best('added', Math.min),
    figure('Mull', 'first') / best('first', Math.min),
    figure('Mull', 'requests') / best('requests', Math.max),
    figure('Mull', 'events') / best('events', Math.max),
  ]
  console.error(`| Mull against the best bare one | ${against.map((ratio) => `${ratio.toFixed(2)}x`).join(' | ')} |`)
}
