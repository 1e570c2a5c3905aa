import { createParser } from 'eventsource-parser'
import { MullError, UpstreamFailed } from '#core'
import { brokenOff, cut, garbled } from './refusal.ts'
import type { Reply } from './transport.ts'
import type { Chunk } from './wire.ts'

const largestReply = 64 * 1024 * 1024

/**
 * Reads a reply chunk by chunk: a stream of events, or a whole response as one. Which of them it is, its first character
 * tells more reliably than its content type. Resolves to whether it came to its proper end. Throws UpstreamFailed for an
 * error inside it and for what cannot be read. `given` are the headers of the call.
 */
export async function readChunks(reply: Reply, given: Headers, hear: (chunk: Chunk) => void): Promise<boolean> {
  const { body, asked = given } = reply
  const decoder = new TextDecoder()
  const whole: string[] = []
  let streamed: boolean | undefined
  let ended = false
  let size = 0
  const parser = createParser({
    onEvent: ({ data }) => {
      if (data.trim() === '[DONE]') ended = true
      else if (data !== '') read(data, asked, hear)
    },
  })
  for await (const bytes of unbroken(body)) {
    size += bytes.length
    if (size > largestReply) throw new UpstreamFailed('upstream_too_large', 'The upstream sent more than 64 MB.', 502)
    const text = decoder.decode(bytes, { stream: true })
    const [first] = streamed === undefined ? text.trimStart() : []
    if (first === '<') throw garbled('a page')
    if (first) streamed = first !== '{'
    if (streamed) parser.feed(text)
    else whole.push(text)
  }
  if (streamed !== false) return ended
  read(whole.join(''), asked, hear)
  return true
}

/** However a runtime calls a connection that was lost. */
async function* unbroken(body: Reply['body']): AsyncGenerator<Uint8Array> {
  try {
    yield* body
  } catch (error) {
    throw error instanceof MullError ? error : cut(error)
  }
}

/** JSON may still have any shape, and one that nobody foresaw is the upstream's fault. */
function read(data: string, asked: Headers, hear: (chunk: Chunk) => void): void {
  try {
    const chunk: Chunk = JSON.parse(data)
    if (chunk.error) throw brokenOff(chunk.error, asked)
    hear(chunk)
  } catch (error) {
    throw error instanceof MullError ? error : garbled(error)
  }
}
