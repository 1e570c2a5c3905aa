import { once } from 'node:events'
import { connect } from 'node:net'
import { ask, chatOf } from './ask.ts'
import { type Mull, startMull } from './mull.ts'
import { assert, type Promised, together } from './promised.ts'
import { questionFor, startUpstream, type Upstream } from './upstream.ts'

export const memory: readonly Promised[] = [
  {
    promise: '10,000 requests: less than 50 MB more memory',
    hold: (quick) => flat(quick ? 2000 : 10_000, requests, 50),
  },
  {
    promise: '1,000 streams whose clients leave: less than 50 MB more memory',
    hold: (quick) => flat(quick ? 300 : 1000, leavers, 50),
  },
  {
    promise: 'a client that stops reading a reply of 200 MB: less than 64 MB more memory',
    hold: () => flat(1, stopped, 64),
  },
]

type Work = (mull: Mull, upstream: Upstream, count: number, measure: () => Promise<void>) => Promise<void>

async function flat(count: number, work: Work, most: number): Promise<string> {
  await using upstream = await startUpstream()
  await using mull = await startMull(upstream.url)
  // What is loaded and compiled once is no leak.
  await requests(mull, upstream, 2000)
  await work(mull, upstream, Math.min(count, 300), async () => {})
  await quiet()
  const before = await mull.memory()
  let highest = 0
  await work(mull, upstream, count, async () => {
    highest = Math.max(highest, await mull.memory())
  })
  await quiet()
  const more = (highest || (await mull.memory())) - before
  assert(more < most, `${more.toFixed(0)} MB more than ${before.toFixed(0)} MB`)
  assert(upstream.inFlight === 0, `${upstream.inFlight} calls are left upstream`)
  return `${more.toFixed(0)} MB more than ${before.toFixed(0)} MB`
}

const quiet = () => new Promise((resolve) => setTimeout(resolve, 1000))

async function requests(mull: Mull, _upstream: Upstream, count: number): Promise<void> {
  await together(Array(count).keys(), 16, async (index) => {
    const model = index % 4 === 0 ? 'm+sc@3' : 'm'
    const { status } = await ask(mull.url, { body: chatOf(model, questionFor(index), { stream: index % 2 === 0 }) })
    assert(status === 200, `status ${status}`)
  })
}

async function leavers(mull: Mull, upstream: Upstream, count: number): Promise<void> {
  upstream.fault = () => 'silence in the reply'
  await together(Array(count).keys(), 16, async (index) => {
    const socket = talk(mull, chatOf(index % 2 ? 'm+sc@3' : 'm', questionFor(index), { stream: true }))
    await once(socket, 'data')
    socket.destroy()
  })
  upstream.fault = () => undefined
}

async function stopped(mull: Mull, upstream: Upstream, _count: number, measure: () => Promise<void>): Promise<void> {
  upstream.fault = () => '200 MB reply'
  const socket = talk(mull, chatOf('m', questionFor(1), { stream: true }))
  await once(socket, 'data')
  socket.pause()
  for (let i = 0; i < 5; i++) {
    await quiet()
    await measure()
  }
  socket.destroy()
  upstream.fault = () => undefined
  await quiet()
}

function talk({ url }: Mull, body: string) {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  socket.on('error', () => {})
  socket.write(
    `POST /v1/chat/completions HTTP/1.1\r\nhost: mull\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  )
  return socket
}
