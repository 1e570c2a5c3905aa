import { EventSourceParserStream } from 'eventsource-parser/stream'
import { key } from './key.ts'

/** What the API refused or failed at: its words, and the field that it names. */
export class Refused extends Error {
  readonly status: number
  readonly param: string | undefined

  constructor(message: string, status: number, param?: string) {
    super(message)
    this.status = status
    this.param = param
  }
}

/** Asks the API that this page belongs to. Rejects with Refused, in the words of the API or of the browser. */
export async function send(path: string, init: RequestInit = {}): Promise<Response> {
  const headers = new Headers(init.headers)
  if (key.peek()) headers.set('authorization', `Bearer ${key.peek()}`)
  let response: Response
  try {
    response = await fetch(new URL(`v1/${path}`, document.baseURI), { ...init, headers, cache: 'no-store' })
  } catch (error) {
    if (init.signal?.aborted) throw error
    throw new Refused('Mull cannot be reached. Is it still running?', 0)
  }
  if (!response.ok) throw await refusalOf(response)
  return response
}

async function refusalOf(response: Response): Promise<Refused> {
  const { status, statusText } = response
  try {
    const { error } = await response.json()
    return new Refused(error.message, status, error.param ?? undefined)
  } catch {
    return new Refused(`The reply was ${status} ${statusText}, without a reason.`, status)
  }
}

/** The data of server-sent events, each as JSON, up to the end or `[DONE]`. */
export async function* eventsOf(response: Response): AsyncGenerator<unknown> {
  const stream = response.body!.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream())
  const reader = stream.getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      if (value.data !== '[DONE]') yield JSON.parse(value.data)
    }
  } finally {
    reader.cancel().catch(() => {})
  }
}
