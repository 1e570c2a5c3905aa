import type { Usage } from '#core'
import { anyUsage } from './any-usage.ts'

/** A reply that is handed through, seen in passing. */
export interface Passing {
  /** Whether what goes on is not what came. */
  readonly changes: boolean
  /** What goes on of these bytes. */
  push(chunk: Uint8Array): Uint8Array
  /** What was held back, once nothing more comes. */
  flush(): Uint8Array
}

/** What is seen of one reply. */
export type InPassing = {
  readonly passing: Passing
  /** Told once, however the reply ended. */
  readonly ended: () => void
}

/** Nobody knows what a larger reply says of itself: its request alone is counted. */
const largest = 32 * 1024 * 1024

/** What a reply said of its price, and about how many tokens were seen of it. */
export type Seen = { usage: Usage | undefined; tokens: number }

/** Reads the usage of a reply in one piece. */
export class PassingWhole implements Passing {
  readonly changes = false
  readonly #seen: Seen
  #chunks: Uint8Array[] = []
  #length = 0

  constructor(seen: Seen) {
    this.#seen = seen
  }

  push(chunk: Uint8Array): Uint8Array {
    this.#length += chunk.length
    if (this.#length > largest) this.#chunks = []
    else this.#chunks.push(chunk)
    return chunk
  }

  flush(): Uint8Array {
    if (this.#chunks.length === 0) return nothing
    this.#seen.usage = anyUsage(read(utf8.decode(joined(this.#chunks))))
    this.#seen.tokens = Math.ceil(this.#length / 4)
    return nothing
  }
}

function read(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Reads the usage of a stream of events; `hidden` leaves the event out that has nothing else in it. */
export class PassingEvents implements Passing {
  readonly changes: boolean
  readonly #seen: Seen
  #rest: Uint8Array = nothing

  constructor(seen: Seen, hidden: boolean) {
    this.#seen = seen
    this.changes = hidden
  }

  push(chunk: Uint8Array): Uint8Array {
    const bytes = this.#rest.length === 0 ? chunk : joined([this.#rest, chunk])
    const end = endOfEvents(bytes)
    this.#rest = bytes.subarray(end)
    // Nobody sends events that are as long; what is no stream of them goes on as it is.
    if (this.#rest.length > largest) return this.flush()
    const whole = this.#read(bytes.subarray(0, end))
    if (this.changes) return whole
    return chunk
  }

  flush(): Uint8Array {
    const rest = this.#rest
    this.#rest = nothing
    return this.changes ? this.#read(rest) : nothing
  }

  #read(events: Uint8Array): Uint8Array {
    const text = utf8.decode(events)
    if (!text.includes('"usage"')) {
      this.#seen.tokens += text.split('\ndata:').length - (text.startsWith('data:') ? 0 : 1)
      return events
    }
    const kept: Uint8Array[] = []
    for (let at = 0; at < events.length; ) {
      const event = events.subarray(at, startOfNext(events, at))
      if (!this.#hear(utf8.decode(event))) kept.push(event)
      at += event.length
    }
    return joined(kept)
  }

  /** Returns whether the event has nothing in it but the usage. */
  #hear(event: string): boolean {
    const data = /^data:(.*)$/m.exec(event)?.[1]
    if (data === undefined) return false
    this.#seen.tokens++
    if (!data.includes('"usage"')) return false
    const said = read(data)
    const usage = anyUsage(said)
    if (usage) this.#seen.usage = merged(this.#seen.usage, usage)
    const choices = usage && (said as { choices?: unknown }).choices
    return this.changes && Array.isArray(choices) && choices.length === 0
  }
}

const utf8 = new TextDecoder()
const nothing = new Uint8Array()
const newline = 10

/** Anthropic tells the input first and the output last; what counts up counts as far as it came. */
function merged(before: Usage | undefined, usage: Usage): Usage {
  if (!before) return usage
  return {
    ...before,
    ...usage,
    input: Math.max(before.input, usage.input),
    output: Math.max(before.output, usage.output),
  }
}

/** Where the last whole event ends: after an empty line. */
function endOfEvents(bytes: Uint8Array): number {
  for (let at = bytes.lastIndexOf(newline); at > 0; at = bytes.lastIndexOf(newline, at - 1))
    if (isEmptyLine(bytes, at)) return at + 1
  return 0
}

/** Where the event after the one at `from` begins. */
function startOfNext(bytes: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(newline, from + 1); at > 0; at = bytes.indexOf(newline, at + 1))
    if (isEmptyLine(bytes, at)) return at + 1
  return bytes.length
}

const carriage = 13

/** Whether the line that ends at `at` has nothing in it. */
const isEmptyLine = (bytes: Uint8Array, at: number) =>
  bytes[at - 1] === newline || (bytes[at - 1] === carriage && bytes[at - 2] === newline)

function joined(parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length === 1) return parts[0]!
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}
