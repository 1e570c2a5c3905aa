import { createParser } from 'eventsource-parser'
import { UpstreamFailed } from '#core'
import { brokenOff } from './refusal.ts'
import type { Reply } from './transport.ts'
import type { Chunk } from './wire.ts'

const largestReply = 64 * 1024 * 1024

/**
 * Reads a reply chunk by chunk: a stream of events, or a whole response as one. Resolves to whether it came to its
 * proper end. Throws UpstreamFailed for an error inside it and for what cannot be read.
 */
export async function readChunks({ headers, body }: Reply, hear: (chunk: Chunk) => void): Promise<boolean> {
  const decoder = new TextDecoder()
  const streamed = !headers.get('content-type')?.includes('json')
  let whole = ''
  let ended = false
  let size = 0
  const parser = createParser({
    onEvent: ({ data }) => {
      if (data.trim() === '[DONE]') ended = true
      else if (data !== '') hear(parse(data))
    },
  })
  for await (const bytes of body) {
    size += bytes.length
    if (size > largestReply) throw new UpstreamFailed('upstream_too_large', 'The upstream sent more than 64 MB.', 502)
    const text = decoder.decode(bytes, { stream: true })
    if (streamed) parser.feed(text)
    else whole += text
  }
  if (streamed) return ended
  hear(parse(whole))
  return true
}

function parse(data: string): Chunk {
  let chunk: Chunk
  try {
    chunk = JSON.parse(data)
  } catch (cause) {
    throw new UpstreamFailed('upstream_garbled', 'The upstream sent something that is not JSON.', 502, { cause })
  }
  if (chunk.error) throw brokenOff(chunk.error)
  return chunk
}
