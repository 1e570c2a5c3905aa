import { once } from 'node:events'
import { Agent } from 'node:http'
import { connect } from 'node:net'
import { type Answer, ask, chatOf } from './ask.ts'
import { startMull } from './mull.ts'
import { assert, type Promised } from './promised.ts'
import { questionFor, startUpstream } from './upstream.ts'
import { isRight } from './verdict.ts'

export const stopping: readonly Promised[] = [
  { promise: 'SIGTERM with 50 requests under way: none lost, exit 0', hold: () => stop(false) },
  { promise: 'SIGTERM under load on kept connections: none lost that came before it, exit 0', hold: () => stop(true) },
]

async function stop(underLoad: boolean): Promise<string> {
  await using upstream = await startUpstream()
  upstream.delay = underLoad ? 20 : 700
  await using mull = await startMull(upstream.url)
  const { port } = new URL(mull.url)
  const idle = Array.from({ length: 10 }, () => connect(Number(port), '127.0.0.1').on('error', () => {}))
  const agent = new Agent({ keepAlive: true, maxSockets: 50 })
  let termed = Number.POSITIVE_INFINITY
  let count = 0
  const client = async (index: number) => {
    do {
      const [begun, number] = [performance.now(), 1000 + index + 100 * count++]
      const stream = index % 2 === 0
      const model = index % 3 ? 'm' : 'm+sc@2'
      const answer: Answer = await ask(mull.url, { body: chatOf(model, questionFor(number), { stream }), agent })
      if (answer.status === 0 && begun > termed - 1) return
      assert(
        answer.status === 200 && !answer.cut,
        `a request sent ${(termed - begun).toFixed(1)} ms before was lost: ${answer.status}`,
      )
      if (index % 3 === 0) assert(isRight(answer, number, stream), `a wrong answer: ${answer.body.slice(0, 200)}`)
    } while (underLoad && performance.now() < termed)
  }
  const clients = Array.from({ length: 50 }, (_, index) => client(index))
  const all = Promise.all(clients)
  all.catch(() => {})
  await new Promise((resolve) => setTimeout(resolve, 400))
  const exited = once(mull.child, 'exit')
  termed = performance.now()
  mull.child.kill('SIGTERM')
  await all
  const answered = performance.now() - termed
  const [code] = await Promise.race([
    exited,
    new Promise<[string]>((resolve) => setTimeout(() => resolve(['never']), 10_000)),
  ])
  assert(code === 0, `exit ${code}`)
  for (const socket of idle) socket.destroy()
  agent.destroy()
  return `${count} answered, the last ${answered.toFixed(0)} ms after; gone after ${(performance.now() - termed).toFixed(0)} ms`
}
