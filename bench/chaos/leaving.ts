import { request } from 'node:http'
import { ask, chatOf } from './ask.ts'
import { startMull } from './mull.ts'
import { assert, type Promised, quantile, until } from './promised.ts'
import { questionFor, startUpstream } from './upstream.ts'

export const leaving: readonly Promised[] = [
  ...[true, false].map((stream) => ({
    promise: `50 clients leave (${stream ? 'streams' : 'plain'}): no upstream call is left after 100 ms`,
    hold: (quick: boolean) => leave(stream, quick ? 3 : 10),
  })),
]

async function leave(stream: boolean, rounds: number): Promise<string> {
  await using upstream = await startUpstream()
  await using mull = await startMull(upstream.url, { UPSTREAM_CONCURRENCY: '500' })
  const taken: number[] = []
  for (let round = 0; round < rounds; round++) {
    upstream.fault = () => (round % 2 ? 'hang' : 'silence in the reply')
    const clients = Array.from({ length: 50 }, (_, index) => {
      const model = ['m', 'm+sc@4', 'm+bon@2'][index % 3]!
      const sent = request(`${mull.url}/v1/chat/completions`, { method: 'POST', agent: false })
      sent.on('error', () => {}).on('response', (reply) => reply.on('error', () => {}).resume())
      sent.end(chatOf(model, questionFor(index), { stream }))
      return sent
    })
    await until(
      () => upstream.inFlight >= 50,
      5000,
      () => `only ${upstream.inFlight} calls began`,
    )
    for (const client of clients) client.destroy()
    taken.push(
      await until(
        () => upstream.inFlight === 0,
        2000,
        () => `${upstream.inFlight} calls go on`,
      ),
    )
  }
  upstream.fault = () => undefined
  const { status } = await ask(mull.url, { body: chatOf('m+sc@2', questionFor(1)) })
  assert(status === 200 && mull.log() === '', `then ${status}: ${mull.log()}`)
  const worst = quantile(taken, 1)
  assert(worst < 100, `${worst.toFixed(0)} ms`)
  return `${worst.toFixed(0)} ms at the most`
}
