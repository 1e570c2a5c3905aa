import { median, oneByOne, throughput } from './load.ts'
import type { Server } from './servers.ts'

const plain = { model: 'm', messages: [{ role: 'user', content: 'How much is 6 times 7?' }] }
const tokens = { ...plain, stream: true, bench: 'tokens' }
const first = { ...tokens, bench: 'first' }

/** How many events a streamed reply of the upstream has. */
export const events = 200
const rounds = 9

/** What one server did in one round. Latency is what it adds to the upstream's own. */
type Figures = Record<Figure, number>
type Figure = 'added' | 'first' | 'requests' | 'events'

/** A row of ratios: one server against the best of others. */
type Ratio = { readonly label: string; readonly of: string; readonly to: readonly string[] }

/** How many processes of each server take turns: how a runtime happens to compile a program differs by a tenth. */
const processes = 3

/**
 * Prints a table of what servers add to an upstream. They take turns within each round, because the machine's speed
 * drifts: figures are medians over the rounds, ratios are medians of the ratios within each round.
 */
export async function compare(
  title: string,
  upstream: Server,
  starts: Record<string, () => Promise<Server>>,
  ratios: readonly Ratio[],
): Promise<void> {
  const names = Object.keys(starts)
  await using stack = new AsyncDisposableStack()
  const servers: Record<string, Server>[] = []
  for (let process = 0; process < processes; process++) {
    const each: Record<string, Server> = {}
    for (const name of names) {
      const server = stack.use(await starts[name]!())
      await throughput(server, plain, 64, 2)
      await throughput(server, tokens, 8, 1)
      each[name] = server
    }
    servers.push(each)
  }
  const taken: Record<string, Figures>[] = []
  for (let round = 0; round < rounds; round++) {
    const direct = median((await oneByOne(upstream, plain, 300)).whole)
    const directly = median((await oneByOne(upstream, first, 100)).first)
    const figures: Record<string, Figures> = {}
    for (const name of round % 2 ? names.toReversed() : names) {
      const server = servers[round % processes]![name]!
      figures[name] = {
        added: median((await oneByOne(server, plain, 300)).whole) - direct,
        first: median((await oneByOne(server, first, 100)).first) - directly,
        requests: await throughput(server, plain, 64, 2),
        events: (await throughput(server, tokens, 16, 2)) * events,
      }
    }
    taken.push(figures)
  }
  report(title, names, taken, ratios)
}

function report(
  title: string,
  names: readonly string[],
  taken: readonly Record<string, Figures>[],
  ratios: readonly Ratio[],
): void {
  const figure = (name: string, key: Figure) => median(taken.map((figures) => figures[name]![key]))
  const ratio = ({ of, to }: Ratio, key: Figure) => {
    const less = key === 'added' || key === 'first'
    const best = to.toSorted((a, b) => figure(a, key) - figure(b, key)).at(less ? 0 : -1)!
    return `${median(taken.map((figures) => figures[of]![key] / figures[best]![key])).toFixed(2)}x`
  }
  console.error(`\n### ${title}\n`)
  console.error(
    '| | added latency, p50, 1 connection | added to the first chunk, p50 | requests/s, 64 connections | SSE events/s |',
  )
  console.error('| --- | --- | --- | --- | --- |')
  for (const name of names) {
    const [added, first] = [figure(name, 'added'), figure(name, 'first')].map((ms) => `${ms.toFixed(2)} ms`)
    const [requests, chunks] = [figure(name, 'requests'), figure(name, 'events')].map((value) => value.toFixed(0))
    console.error(`| ${name} | ${added} | ${first} | ${requests} | ${chunks} |`)
  }
  for (const row of ratios) {
    const columns = (['added', 'first', 'requests', 'events'] as const).map((key) => ratio(row, key))
    console.error(`| ${row.label} | ${columns.join(' | ')} |`)
  }
}
