import { execute, type Model, over, randomFrom, reserved, type Strategy, spanned } from '#core'
import { AnswerTally } from '#vote'
import { Clock } from '../src/eval/clock.ts'
import { scorerOf } from '../src/scorers/index.ts'
import { hedged } from '../src/upstream/hedging/hedged.ts'
import { bestOfN, selfConsistency } from '../strategies/index.ts'

const requests = 500
const asIs: Strategy = (model) => model
const prompt = { messages: [{ role: 'user', content: 'How much is 6 times 7?' }] }

/** How long calls take: a log-normal time around ten seconds, and for some of them a server that is eight times as slow. */
type Servers = { readonly sigma: number; readonly slow: number }

const cases: readonly [name: string, servers: Servers][] = [
  ['one call in fifty meets a server eight times as slow', { sigma: 0.3, slow: 0.02 }],
  ['the servers are even, and some thoughts are long', { sigma: 0.8, slow: 0 }],
]
const ways: readonly [name: string, way: Strategy][] = [
  ['sc@16', selfConsistency({ n: 16 })],
  ['bon@16(scorer=agreement)', bestOfN({ n: 16, scorer: 'agreement' })],
]

/** What asking late samples a second time is worth: a simulation, on a clock that takes no time. */
export async function hedge(): Promise<void> {
  for (const [name, servers] of cases) {
    console.error(`\n### Late samples, a simulation: ${name}\n`)
    console.error(
      '| recipe | hedge | p50 | p95 | p99 | calls, mean | seconds of servers, mean | a sample’s own length, mean |',
    )
    console.error('| --- | --- | --- | --- | --- | --- | --- | --- |')
    for (const [recipe, way] of ways)
      for (const share of [undefined, 0.95, 0.9]) {
        const { times, calls, served, length } = await simulated(way, servers, share)
        const at = (quantile: number) => `${seconds(times[Math.ceil(quantile * times.length) - 1]!)} s`
        const means = [calls.toFixed(1), seconds(served), seconds(length)].join(' | ')
        console.error(`| \`${recipe}\` | ${share ?? 'no'} | ${at(0.5)} | ${at(0.95)} | ${at(0.99)} | ${means} |`)
      }
  }
}

async function simulated(way: Strategy, { sigma, slow }: Servers, share: number | undefined) {
  const random = randomFrom('hedge')
  const clock = new Clock()
  const sum = { calls: 0, served: 0, length: 0, samples: 0 }
  const times: number[] = []
  const timer = {
    now: () => clock.now,
    after(ms: number, act: () => void) {
      const off = new AbortController()
      clock.pass(ms, off.signal).then(() => off.signal.aborted || act())
      return () => off.abort()
    },
  }
  const server: Model = async (_, { signal }) => {
    const length = 10_000 * Math.exp(sigma * normal(random))
    const factor = random() < slow ? 8 : 1
    const answer = random() < 0.6 ? '42' : String(Math.floor(random() * 20))
    const passed = await clock.pass(length * factor, signal)
    sum.served += passed
    signal.throwIfAborted()
    sum.length += length
    sum.samples++
    return { text: `\\boxed{${answer}}`, finish: 'stop' }
  }
  const model = over(server, hedged('m', asIs, timer), reserved, spanned('m'), way)
  for (let request = 0; request < requests; request++) {
    const start = clock.now
    const { result, ledger } = execute(model, prompt, {
      hedge: share,
      scorers: scorerOf,
      tally: (question, note, voting) => new AnswerTally(question, note, voting),
    })
    await result
    times.push(clock.now - start)
    sum.calls += ledger.calls
  }
  times.sort((a, b) => a - b)
  const per = (total: number) => total / requests
  return { times, calls: per(sum.calls), served: per(sum.served), length: sum.length / sum.samples }
}

const seconds = (ms: number) => (ms / 1000).toFixed(1)

/** A standard normal number (Box and Muller, 1958). */
const normal = (random: () => number) => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
