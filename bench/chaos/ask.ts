import { Agent, type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http'

export type Answer = {
  /** 0 where the connection was lost before there was any. */
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
  /** Whether it ended before its end. */
  readonly cut: boolean
  readonly ms: number
}

export type Asking = {
  readonly body?: string | Buffer | undefined
  readonly headers?: Record<string, string>
  readonly path?: string
  readonly method?: string
  readonly agent?: Agent | false
  /** Milliseconds after which the answer counts as one that never comes. */
  readonly patience?: number
}

const shared = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY })

/** Asks Mull and reads all of what it says. Rejects only where it says nothing in time. */
export function ask(url: string, asking: Asking): Promise<Answer> {
  const {
    body,
    headers = {},
    path = '/v1/chat/completions',
    method = 'POST',
    agent = shared,
    patience = 30_000,
  } = asking
  const begun = performance.now()
  return new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }
    const sent = request(url + path, {
      method,
      agent,
      headers: { 'content-type': 'application/json', ...length, ...headers },
    })
    const timer = setTimeout(() => {
      reject(new Error(`no answer within ${patience} ms`))
      sent.destroy()
    }, patience)
    let text = ''
    const end = (reply: IncomingMessage | undefined, cut: boolean) => {
      clearTimeout(timer)
      const { statusCode: status = 0, headers = {} } = reply ?? {}
      resolve({ status, headers, body: text, cut, ms: performance.now() - begun })
    }
    let reply: IncomingMessage | undefined
    sent.once('response', (begun) => {
      reply = begun
      begun.setEncoding('utf8')
      begun.on('data', (part: string) => {
        text += part
      })
      begun.once('close', () => end(begun, !begun.complete))
      begun.on('error', () => {})
    })
    sent.on('error', () => reply ?? end(undefined, true))
    sent.end(body)
  })
}

export const chatOf = (model: string, content: string, more: object = {}): string =>
  JSON.stringify({ model, messages: [{ role: 'user', content }], ...more })
