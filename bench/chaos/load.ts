import { Agent } from 'node:http'
import { ask, chatOf } from './ask.ts'
import { startMull } from './mull.ts'
import { assert, type Promised, quantile, together } from './promised.ts'
import { questionFor, startUpstream } from './upstream.ts'
import { isRight } from './verdict.ts'

const connections = 200

export const load: readonly Promised[] = [
  {
    promise: `${connections} connections for 20 s, half of them streams: no error, no mixed answers, p99 < 1.5 s`,
    hold: (quick) => under('m', quick ? 4 : 20, 1500),
  },
  {
    promise: `${connections} connections, votes of four: no error, no mixed answers`,
    hold: (quick) => under('m+sc@4', quick ? 4 : 20, 10_000),
  },
]

async function under(model: string, seconds: number, most: number): Promise<string> {
  await using upstream = await startUpstream()
  await using mull = await startMull(upstream.url)
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const times: number[] = []
  let number = 10_000
  const warm = performance.now() + 1000
  const end = warm + seconds * 1000
  const asked = function* () {
    while (performance.now() < end) yield number++
  }
  await together(asked(), connections, async (number) => {
    const stream = number % 2 === 0
    const answer = await ask(mull.url, { body: chatOf(model, questionFor(number), { stream }), agent })
    const right = model === 'm' ? relayed(answer.body, number) && !answer.cut : isRight(answer, number, stream)
    assert(answer.status === 200 && right, () => `${answer.status}: ${answer.body.slice(0, 200)}`)
    if (performance.now() > warm) times.push(answer.ms)
  })
  agent.destroy()
  const p99 = quantile(times, 0.99)
  assert(p99 < most, `p99 ${p99.toFixed(0)} ms`)
  return `${times.length} requests, ${(times.length / seconds).toFixed(0)}/s, p50 ${quantile(times, 0.5).toFixed(0)} ms, p99 ${p99.toFixed(0)} ms`
}

const relayed = (body: string, number: number) =>
  body.includes(`{${number}}`) || new RegExp(`box.*ed\\{${number}|\\b${number}\\b`, 's').test(joined(body))

/** What a stream says, put together. */
const joined = (body: string) => [...body.matchAll(/"content":"((?:[^"\\]|\\.)*)"/g)].map(([, text]) => text).join('')
