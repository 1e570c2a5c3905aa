import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { type Fault, failWith } from './fault.ts'

/** A model that says a number which its question tells it, unless it is told to fail. */
export interface Upstream extends AsyncDisposable {
  readonly url: string
  /** Completions asked for so far. */
  asked: number
  /** Calls whose reply has not ended and whose client has not left. */
  inFlight: number
  /** Milliseconds before it begins to answer. */
  delay: number
  /** What it does in place of an answer to this call. */
  fault: (request: IncomingMessage) => Fault | undefined
  /** The headers of the last call. */
  headers: IncomingMessage['headers']
}

export async function startUpstream(): Promise<Upstream> {
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy())
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const upstream: Upstream = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    asked: 0,
    inFlight: 0,
    delay: 0,
    fault: () => undefined,
    headers: {},
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
    },
  }
  return upstream

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request)
    if (request.method === 'GET') return void json(response, { object: 'list', data: [{ id: 'm', object: 'model' }] })
    upstream.asked++
    upstream.inFlight++
    upstream.headers = request.headers
    response.once('close', () => upstream.inFlight--)
    if (upstream.delay > 0) await new Promise((resolve) => setTimeout(resolve, upstream.delay))
    const { stream, n = 1, countsStreams } = parse(body)
    const said = wordsFor(body)
    const fault = upstream.fault(request)
    if (fault) return failWith(fault, response, { stream: stream === true, said })
    if (stream !== true) return void json(response, whole(said, n))
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.end(`${events(said, n)}${countsStreams ? counted(n) : ''}data: [DONE]\n\n`)
  }
}

/** What a client asks that wants to know this number. */
export const questionFor = (number: number) => `Say <${number}>.`
const wordsFor = (body: string) => `The answer is \\boxed{${/<(\d+)>/.exec(body)?.[1] ?? 42}}.`

function parse(body: string): { stream?: unknown; n?: number; countsStreams?: boolean } {
  try {
    const { stream, n, stream_options: options } = JSON.parse(body) ?? {}
    const countsStreams = options?.include_usage === true
    return { stream, n: typeof n === 'number' && n >= 1 && n <= 128 ? n : 1, countsStreams }
  } catch {
    return {}
  }
}

/** Tokens of one completion, whatever it says. */
export const perCompletion = 8
const usageOf = (n: number) => ({
  prompt_tokens: 20,
  completion_tokens: n * perCompletion,
  total_tokens: 20 + n * perCompletion,
})
const counted = (n: number) => `data: ${JSON.stringify({ ...head, choices: [], usage: usageOf(n) })}\n\n`
const head = { id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm' }

export const whole = (said: string, n = 1) => ({
  id: 'c',
  object: 'chat.completion',
  created: 1,
  model: 'm',
  choices: Array.from({ length: n }, (_, index) => ({
    index,
    message: { role: 'assistant', content: said },
    finish_reason: 'stop',
  })),
  usage: usageOf(n),
})

export const chunk = (delta: object, index = 0, finish: string | null = null) =>
  `data: ${JSON.stringify({ ...head, choices: [{ index, delta, finish_reason: finish }] })}\n\n`

function events(said: string, n: number): string {
  const half = Math.ceil(said.length / 2)
  const one = (index: number) =>
    chunk({ role: 'assistant', content: '' }, index) +
    chunk({ content: said.slice(0, half) }, index) +
    chunk({ content: said.slice(half) }, index) +
    chunk({}, index, 'stop')
  return Array.from({ length: n }, (_, index) => one(index)).join('')
}

const json = (response: ServerResponse, body: object) =>
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
