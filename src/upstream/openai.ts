import type { ThinkContext } from '#answers'
import { MullError, type Prompt, UpstreamFailed, type Usage } from '#core'
import { bodyOf, type Dialect } from './body.ts'
import type { Capabilities } from './capabilities.ts'
import { readChunks } from './chunks.ts'
import type { Ask, Seat } from './coalesced.ts'
import { Hearing } from './hearing.ts'
import { refusalOf } from './refusal.ts'
import { type RetryOptions, retried } from './retry.ts'
import { Seats } from './seats.ts'
import type { Reply, Transport } from './transport.ts'
import { usageOf } from './wire.ts'

export type OpenAIOptions = Dialect &
  RetryOptions & {
    readonly transport: Transport
    /** What goes along with every call: the key, and the client's own headers. */
    readonly headers: Headers
    readonly can: Capabilities
    readonly think: ThinkContext
  }

/**
 * Asks an upstream that speaks OpenAI's chat API. It always asks for a stream: headers come at once, every sample can be
 * cancelled on its own, and no proxy cuts a long thought off.
 */
export function openai(options: OpenAIOptions): Ask {
  const { transport, headers, can, think } = options

  return async (prompt, seats) => {
    const { ledger, signal } = seats[0]!.scope.shared
    const table = new Seats(seats, signal)
    const hearings = seats.map(({ scope }) => new Hearing(scope, prompt.stop ?? [], can, think))
    const book = ledger.open()
    let usage: Usage | undefined
    try {
      const reply = await begin(prompt, seats, table.signal)
      const ended = await readChunks(reply, (chunk) => {
        if (chunk.usage) usage = usageOf(chunk.usage)
        for (const choice of chunk.choices ?? []) {
          const hearing = hearings[choice.index ?? 0]
          if (!hearing) continue
          hearing.hear(choice)
          if (hearing.done) table.serve(choice.index ?? 0, () => hearing.end())
        }
      })
      return close(table, hearings, ended)
    } catch (error) {
      if (!hearings.some(({ heard }) => heard) && !table.signal.aborted) throw error
      table.reject(error)
      return []
    } finally {
      table.close()
      book(usage ?? estimate(prompt, hearings))
    }
  }

  async function begin(prompt: Prompt, seats: readonly Seat[], signal: AbortSignal): Promise<Reply> {
    const { ledger } = seats[0]!.scope.shared
    const send = async () => {
      ledger.requests++
      const body = bodyOf(prompt, seats, options, can.countsStreams)
      const reply = await transport.send({ method: 'POST', path: '/chat/completions', headers, body, signal })
      if (reply.status >= 300) throw await refusalOf(reply)
      return reply
    }
    try {
      return await retried(send, signal, options)
    } catch (error) {
      if (!can.countsStreams || !(error instanceof MullError) || !error.message.includes('stream_options')) throw error
      can.countsStreams = false
      return retried(send, signal, options)
    }
  }

  /** A stream that ends without a word about why was cut, and half a sample must not vote. */
  function close(table: Seats, hearings: readonly Hearing[], ended: boolean): readonly Seat[] {
    const unheard: Seat[] = []
    for (const [index, seat] of table.waiting()) {
      const hearing = hearings[index]!
      if (ended && hearing.heard) table.serve(index, () => hearing.end())
      else if (hearing.heard) seat.reject(cut())
      else unheard.push(seat)
    }
    if (unheard.length < hearings.length) return unheard
    throw ended ? silent() : cut()
  }
}

/** For an upstream that did not count, or was not allowed to finish: about four characters to a token. */
function estimate(prompt: Prompt, hearings: readonly Hearing[]): Usage {
  const heard = hearings.reduce((sum, hearing) => sum + hearing.heard, 0)
  if (heard === 0) return { input: 0, output: 0 }
  const asked = JSON.stringify(prompt.messages).length
  return { input: Math.ceil(asked / 4), output: Math.ceil(heard / 4), estimated: true }
}

const cut = () => new UpstreamFailed('upstream_cut', "The upstream's stream broke off before its end.", 502)
const silent = () => new UpstreamFailed('upstream_silent', 'The upstream answered without a completion.', 502)
