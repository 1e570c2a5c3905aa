import { once } from 'node:events'
import { connect } from 'node:net'
import { type Answer, ask, chatOf } from './ask.ts'
import { type Mull, startMull } from './mull.ts'
import { assert, type Promised } from './promised.ts'
import { startUpstream, type Upstream } from './upstream.ts'
import { isClear } from './verdict.ts'

type Check = (mull: Mull, upstream: Upstream) => Promise<string>

const checks: Record<string, Check> = {
  'a body of more than 10 MB is a 413, with and without its length': async (mull) => {
    const body = chatOf('m', 'x'.repeat(11 * 1024 * 1024))
    const sized = await ask(mull.url, { body })
    refusedWith(413, sized)
    const chunked = await raw(mull, `${head('transfer-encoding: chunked')}${chunks(body)}`)
    refusedWith(413, chunked)
    refusedWith(413, await ask(mull.url, { body, agent: false }))
    return '3 × 413'
  },
  'headers of more than 16 KB are a 431 in OpenAI’s form': async (mull) => {
    const answer = await raw(mull, `GET /v1/models HTTP/1.1\r\nhost: mull\r\nx-long: ${'x'.repeat(20_000)}\r\n\r\n`)
    refusedWith(431, answer)
    return '431'
  },
  'a body nested 101 or 100,000 levels deep is a 400, in any field': async (mull) => {
    for (const levels of [101, 100_000])
      for (const field of ['model', 'messages', 'mull', 'tools', 'optillm_approach'])
        for (const model of ['m', 'm+none']) {
          const nested = `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`
          const body = `{"model":"${model}","messages":[{"role":"user","content":"q"}],"${field}":${nested}}`
          refusedWith(400, await ask(mull.url, { body }))
        }
    return '20 × 400'
  },
  'what is no JSON, names of 257 characters and an n of 17 are a 400, relayed or not, and go nowhere': async (
    mull,
    upstream,
  ) => {
    const before = upstream.asked
    for (const end of ['', '+none'])
      for (const body of [
        `{"model":"m${end}","messages":[}`,
        `{'model':'m${end}'}`,
        chatOf('m'.repeat(257) + end, 'q'),
        ...[17, 0, -1, 1e9, 1.5, 'x'].map((n) => chatOf(`m${end}`, 'q', { n })),
      ])
        refusedWith(400, await ask(mull.url, { body }))
    assert(upstream.asked === before, `${upstream.asked - before} calls were made`)
    return '18 × 400, no call'
  },
  'a recipe beyond its ceiling is a 400 before anything is asked': async (mull, upstream) => {
    const before = upstream.asked
    for (const recipe of [
      'sc@1000000000',
      'sc@1e9',
      'sc@256+bon@8',
      'bon@200',
      'tot(depth=6,beam=8,breadth=8)',
      'sc@16+sc@16+sc@16',
      'none&sc@256|sc@256',
    ])
      refusedWith(400, await ask(mull.url, { body: chatOf(`m+${recipe}`, 'q') }))
    assert(upstream.asked === before, `${upstream.asked - before} calls were made`)
    return '7 × 400, no call'
  },
  'a budget of the client’s own makes it the best of so many': async (mull, upstream) => {
    const before = upstream.asked
    const answer = await ask(mull.url, { body: chatOf('m+bon@200', 'q', { mull: { budget: { calls: 3 } } }) })
    assert(answer.status === 200, answer.body)
    assert(JSON.parse(answer.body).mull.calls <= 3 && upstream.asked - before <= 3, answer.body)
    return '3 calls'
  },
  'what is no HTTP, or HTTP that two readers read in two ways, is a 400': async (mull) => {
    const requests = [
      'HELLO\r\n\r\n',
      'POST /v1/chat/completions HTTP/1.1\r\nhost: m\r\ncontent-length: 4\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
      'POST /v1/chat/completions HTTP/1.1\r\nhost: m\r\ncontent-length: 4\r\ncontent-length: 5\r\n\r\nabcde',
      'POST /v1/chat/completions HTTP/1.1\r\nhost: m\r\nx y: 1\r\n\r\n',
      'GET /v1/models HTTP/1.1\r\nhost: a/v1/b@c\r\n\r\n',
    ]
    for (const request of requests) refusedWith(400, await raw(mull, request))
    return `${requests.length} × 400`
  },
  'no path leads out of the upstream’s own': async (mull, upstream) => {
    const before = upstream.asked
    for (const path of ['/v1/..%2f..%2fadmin', '/v1/%2e%2e%2fadmin', '/v1/x/..%5cadmin', '/v1/../admin', '/%761/admin'])
      refusedWith(404, await ask(mull.url, { path, body: '{}' }))
    assert(upstream.asked === before, 'it was asked')
    return '5 × 404'
  },
  'a target or host of another name goes to the upstream all the same': async (mull) => {
    const answer = await raw(
      mull,
      'GET http://elsewhere.example/v1/models HTTP/1.1\r\nhost: elsewhere.example\r\nconnection: close\r\n\r\n',
    )
    assert(answer.status === 200 && answer.body.includes('"m"'), answer.body)
    return 'its models'
  },
}

export const limits: readonly Promised[] = Object.entries(checks).map(([promise, check]) => ({
  promise,
  async hold() {
    await using upstream = await startUpstream()
    await using mull = await startMull(upstream.url)
    const measured = await check(mull, upstream)
    assert(mull.alive() && mull.log() === '', `it logged: ${mull.log()}`)
    return measured
  },
}))

function refusedWith(status: number, answer: Answer): void {
  assert(answer.status === status, `${answer.status} for ${status}: ${answer.body.slice(0, 200)}`)
  isClear(answer)
}

const head = (...headers: string[]) =>
  ['POST /v1/chat/completions HTTP/1.1', 'host: mull', 'content-type: application/json', ...headers, '', ''].join(
    '\r\n',
  )

const chunks = (body: string) => `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`

/** What Mull says to bytes as they are. */
async function raw({ url }: Mull, text: string): Promise<Answer> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname).on('error', () => {})
  socket.setTimeout(5000, () => socket.destroy())
  let said = ''
  socket.setEncoding('utf8').on('data', (part: string) => {
    said += part
    // Half a close would count as leaving.
    if (/\r\n\r\n/.test(said) && isWhole(said)) socket.destroy()
  })
  socket.write(text)
  await once(socket, 'close')
  const [top = '', body = ''] = said.split('\r\n\r\n', 2)
  const [line = '', ...lines] = top.split('\r\n')
  const headers = Object.fromEntries(lines.map((line) => line.toLowerCase().split(': ') as [string, string]))
  return { status: Number(line.split(' ')[1] ?? 0), headers, body, cut: false, ms: 0 }
}

function isWhole(said: string): boolean {
  const [top = '', body = ''] = said.split('\r\n\r\n', 2)
  const length = /content-length: (\d+)/i.exec(top)?.[1]
  return length !== undefined && Buffer.byteLength(body) >= Number(length)
}
