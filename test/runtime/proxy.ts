import { connect, type Socket } from 'node:net'
import OpenAI from 'openai'
import { afterAll, beforeAll, beforeEach } from 'vitest'
import { type Choice, type Script, startUpstream, type Upstream } from '../helpers/upstream.ts'

/** A Mull that listens. */
export type Served = { url: string; close(): Promise<unknown> }

/** Starts Mull with an environment, on one runtime. */
export type Start = (env: Record<string, string>) => Promise<Served>

/** A fake upstream, a Mull in front of it, and OpenAI's own client in front of that. */
export type Stage = {
  readonly upstream: Upstream
  readonly client: OpenAI
  readonly url: string
  /** A plain HTTP request to Mull. */
  post(body: unknown, headers?: Record<string, string>, signal?: AbortSignal, path?: string): Promise<Response>
}

const patient = { UPSTREAM_BACKOFF_MS: '1' }

/** The stage of one test file; the upstream is as new for each test. */
export function stage(start: Start, env: Record<string, string> = {}): Stage {
  let upstream: Upstream
  let served: Served
  let client: OpenAI
  beforeAll(async () => {
    upstream = await startUpstream()
    served = await start({ ...patient, UPSTREAM_BASE_URL: upstream.url, ...env })
    client = new OpenAI({ baseURL: `${served.url}/v1`, apiKey: 'sk-client', maxRetries: 0 })
  }, 60_000)
  beforeEach(() => {
    upstream.reply(() => ({ text: 'ok' }))
    upstream.asked.length = 0
    upstream.left = 0
    upstream.routes = {}
  })
  afterAll(async () => {
    await served?.close()
    await upstream?.close()
  })
  return {
    get upstream() {
      return upstream
    },
    get client() {
      return client
    },
    get url() {
      return served.url
    },
    post: (body, headers = {}, signal = AbortSignal.timeout(15_000), path = '/chat/completions') =>
      fetch(`${served.url}/v1${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: 'Bearer sk-client', ...headers },
        body: JSON.stringify(body),
        signal,
      }),
  }
}

/** A script that gives one answer after another, as many at a time as `n` asks for. */
export function inTurn(...answers: readonly (string | Choice)[]): Script {
  let next = 0
  const choice = (answer: string | Choice): Choice => (typeof answer === 'string' ? { text: answer } : answer)
  return ({ json }) => ({
    choices: Array.from({ length: json?.n ?? 1 }, () => choice(answers[next++ % answers.length]!)),
  })
}

export const ask = (model: string, content = 'How much is 6 times 7?') => ({
  model,
  messages: [{ role: 'user' as const, content }],
})

/** A client that can break its connection: workerd run by hand notices a polite goodbye only when it writes. */
export function bluntly({ url }: { readonly url: string }, body: object, key = 'sk-client'): Socket {
  const { hostname, port } = new URL(url)
  const text = JSON.stringify(body)
  const socket = connect(Number(port), hostname)
  socket.write(
    `POST /v1/chat/completions HTTP/1.1\r\nhost: ${hostname}\r\ncontent-type: application/json\r\n` +
      `authorization: Bearer ${key}\r\ncontent-length: ${Buffer.byteLength(text)}\r\n\r\n${text}`,
  )
  return socket
}
