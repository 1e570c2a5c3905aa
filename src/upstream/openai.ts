import type { ThinkContext } from '#answers'
import { MullError, type Prompt, UpstreamFailed, type Usage } from '#core'
import { bodyOf, type Dialect } from './body.ts'
import type { Learned } from './capabilities.ts'
import { readChunks } from './chunks.ts'
import { type Ask, mayMeanRefusedN, type Seat } from './coalesced.ts'
import { Hearing } from './hearing.ts'
import { visitedBy } from './hedging/visited.ts'
import { inDialect } from './prefill.ts'
import { cut, refusalOf } from './refusal.ts'
import { type RetryOptions, retried } from './retry.ts'
import { Seats } from './seats.ts'
import { shares } from './shares.ts'
import type { Reply, Transport } from './transport.ts'
import { type Choice, usageOf } from './wire.ts'

export type OpenAIOptions = Dialect &
  RetryOptions & {
    readonly transport: Transport
    /** What goes along with every call: the key, and the client's own headers. */
    readonly headers: Headers
    readonly learned: Learned
    readonly think: ThinkContext
    readonly price: Price
  }

/** Adds to a usage what it costs, where that is known. */
export type Price = (usage: Usage) => Usage

/**
 * Asks an upstream that speaks OpenAI's chat API. It always asks for a stream: headers come at once, every sample can be
 * cancelled on its own, and no proxy cuts a long thought off.
 */
export function openai(options: OpenAIOptions): Ask {
  const { transport, headers, learned, think, price } = options

  return async (prompt, seats, at) => {
    const { ledger, signal } = seats[0]!.scope.shared
    const table = new Seats(seats, signal)
    const hearings = seats.map(({ scope }) => new Hearing(scope, prompt, learned, think))
    const book = ledger.open()
    let usage: Usage | undefined
    let served = 0
    let attempts = 1
    const come = () => hearings.filter(({ begun }) => begun).length
    const read = async (reply: Reply, attempt: number) => {
      attempts = attempt
      const ended = await readChunks(reply, headers, (chunk) => {
        if (chunk.usage) usage = usageOf(chunk.usage)
        for (const choice of chunk.choices ?? []) hear(choice, choice.index ?? 0)
      })
      if (come() === 0) throw ended ? silent() : cut()
      return ended
    }
    // What the upstream has begun to say is heard by somebody, and not said again.
    const isFinal = (error: Error) => come() > 0 || isNoAccident(error) || (seats.length > 1 && mayMeanRefusedN(error))
    try {
      const ended = await begin(prompt, seats, at, table.signal, read, isFinal)
      return close(table, hearings, ended, attempts, gave)
    } catch (error) {
      if (come() === 0 && !table.signal.aborted) throw error
      if (error instanceof UpstreamFailed) error.begun = true
      table.reject(error)
      return { came: come(), unserved: [] }
    } finally {
      table.close()
      const spent = price(usage ?? estimate(prompt, hearings))
      const parts = shares(
        spent,
        hearings.map(({ tokens }) => tokens),
      )
      for (const [index, part] of parts.entries()) seats[index]!.scope.used(part)
      book(spent)
    }

    function hear(choice: Choice, index: number): void {
      const hearing = hearings[index]
      if (!hearing) return
      if (!table.isWaiting(index)) hearing.overhear(choice)
      else hearing.hear(choice)
      if (hearing.heard > longestCompletion) throw tooLong()
      if (!hearing.done) return
      if (table.isWaiting(index)) gave(++served)
      table.serve(index, () => hearing.end(), hearing.stopped)
    }
  }

  /** Known before any of those who wait goes on. */
  function gave(completions: number): void {
    learned.gave = Math.max(learned.gave, completions)
  }

  /** Asks until something comes of it. */
  async function begin<T>(
    prompt: Prompt,
    seats: readonly Seat[],
    at: string | undefined,
    signal: AbortSignal,
    read: (reply: Reply, attempt: number) => Promise<T>,
    isFinal: (error: Error) => boolean,
  ): Promise<T> {
    const { span, shared } = seats[0]!.scope
    const { ledger } = shared
    const asked = prompt.continues ? inDialect(prompt, learned.can.prefill || 'plain') : prompt
    const all = carrying(headers, shared.carried?.(span))
    const send = async (countsStreams: boolean, attempt: number) => {
      ledger.requests++
      if (attempt > 1) ledger.retries++
      const body = bodyOf(asked, seats, options, countsStreams)
      const visited = visitedBy(seats.map(({ scope }) => scope))
      const place = { visited, at: attempt === 1 ? at : undefined }
      const reply = await transport.send({ ...post, headers: all, body, signal, ...place })
      if (reply.status >= 300) throw await refusalOf(reply, headers)
      return read(reply, attempt)
    }
    const ask = (countsStreams: boolean) =>
      retried((attempt) => send(countsStreams, attempt), signal, { ...options, isFinal })
    // Others may learn of it meanwhile, so what counts is how this one was asked.
    const { countsStreams } = learned
    try {
      return await ask(countsStreams)
    } catch (error) {
      if (!countsStreams || !(error instanceof MullError) || !error.message.includes('stream_options')) throw error
      learned.countsStreams = false
      return ask(false)
    }
  }
}

const post = { method: 'POST', path: '/chat/completions' } as const

/** A stream that ends without a word about why was cut: half a sample must not vote, and it tells nothing about `n`. */
function close(
  table: Seats,
  hearings: readonly Hearing[],
  ended: boolean,
  attempts: number,
  gave: (completions: number) => void,
) {
  const came = hearings.filter(({ begun }) => begun).length
  if (ended) gave(came)
  const broken = !ended && hearings.some(({ begun, done }) => begun && !done)
  const brokenOff = cut()
  brokenOff.begun = true
  brokenOff.attempts = attempts
  const unserved: Seat[] = []
  for (const [index, seat] of table.waiting()) {
    const hearing = hearings[index]!
    if (broken) seat.reject(brokenOff)
    else if (hearing.begun) table.serve(index, () => hearing.end())
    else unserved.push(seat)
  }
  return { came, unserved }
}

/** The same headers with those that the call's span takes along. */
function carrying(headers: Headers, carried: Readonly<Record<string, string>> | undefined): Headers {
  if (!carried) return headers
  const all = new Headers(headers)
  for (const [name, value] of Object.entries(carried)) all.set(name, value)
  return all
}

/** For an upstream that did not count, or was not allowed to finish. */
function estimate(prompt: Prompt, hearings: readonly Hearing[]): Usage {
  const output = hearings.reduce((sum, { tokens }) => sum + tokens, 0)
  if (output === 0) return { input: 0, output: 0 }
  const asked = JSON.stringify(prompt.messages).length
  return { input: Math.ceil(asked / 4), output, estimated: true }
}

/** A page, or JSON of another shape, is what this upstream says: asked again it would say it again. */
const isNoAccident = (error: Error) =>
  error instanceof MullError && ['upstream_garbled', 'upstream_silent', 'upstream_too_large'].includes(error.code)

const longestCompletion = 16 * 1024 * 1024

const tooLong = () =>
  new UpstreamFailed('upstream_too_large', 'The upstream sent a completion of more than 16 million characters.', 502)

const silent = () => new UpstreamFailed('upstream_silent', 'The upstream answered without a completion.', 502)
