import { type Event, messageOf } from '#core'
import type { Beginning, Ending, Planned } from '../watching/watch.ts'
import { redacted } from './redacted.ts'
import type { Happened, Recorded, Summary } from './shape.ts'
import { Words } from './words.ts'

/** How much is kept of one request, in bytes. */
const most = 4 * 1024 * 1024

/** How long a question may be that is kept, in characters of JSON. */
const longestQuestion = 256 * 1024

/** One request, written down while it happens. */
export class Record {
  readonly #full: boolean
  readonly #words = new Words()
  readonly #events: Happened[] = []
  readonly #followers = new Set<() => void>()
  #summary: Summary
  #messages: unknown
  #truncated = false
  #ended = false
  /** About how much memory it takes, in bytes. */
  size = 500

  /** Without `full` nothing is kept of what was asked or said. */
  constructor({ id, requestId, at, place }: Pick<Beginning, 'id' | 'requestId' | 'at' | 'place'>, full: boolean) {
    this.#full = full
    const called = requestId === id ? {} : { request_id: requestId }
    this.#summary = { id, ...called, at, door: place, model: '', relayed: true }
  }

  get summary(): Summary {
    return this.#summary
  }

  get whole(): Recorded {
    const asked = this.#messages === undefined ? {} : { messages: this.#messages }
    return { ...this.#summary, ...asked, events: this.#events, truncated: this.#truncated }
  }

  identified(caller: string): void {
    this.#summary = { ...this.#summary, caller }
  }

  planned({ model = '', recipe, relayed, messages }: Planned): void {
    this.#summary = { ...this.#summary, model, relayed, ...(recipe === undefined ? {} : { recipe }) }
    if (!this.#full || messages === undefined) return
    const length = JSON.stringify(messages).length
    if (length > longestQuestion) this.#truncated = true
    else this.#messages = messages
    this.size += Math.min(length, longestQuestion) * 2
  }

  heard(event: Event): void {
    const kept = this.#full ? event : redacted(event)
    if (!kept) return
    const at = 'at' in kept ? kept.at : Date.now()
    const plain =
      kept.type === 'span-end' && kept.error !== undefined ? { ...kept, error: messageOf(kept.error) } : kept
    this.#write(this.#words.add({ ...plain, at }))
  }

  ended({ status, outcome, code, ms, firstMs, upstreamMs, spent }: Ending): this {
    this.#write(this.#words.end())
    this.#summary = {
      ...this.#summary,
      outcome,
      status,
      ms,
      upstream_ms: upstreamMs,
      ...(code === undefined ? {} : { error: code }),
      ...(firstMs === undefined ? {} : { first_ms: firstMs }),
      ...(spent && {
        calls: spent.calls,
        samples: spent.samples,
        tokens: spent.usage.input + spent.usage.output,
        usage: spent.usage,
        ...(spent.usage.cost === undefined ? {} : { cost: spent.usage.cost }),
        ...(spent.agreement === undefined ? {} : { agreement: spent.agreement }),
      }),
    }
    this.#ended = true
    this.#tell()
    return this
  }

  /** Everything from the beginning, and then as it happens, until the request has ended or `signal` is aborted. */
  async *follow(signal: AbortSignal): AsyncGenerator<Happened, void> {
    for (let next = 0; !signal.aborted; ) {
      while (next < this.#events.length) yield this.#events[next++]!
      if (this.#ended) return
      await this.#more(signal)
    }
  }

  #more(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        this.#followers.delete(wake)
        signal.removeEventListener('abort', wake)
        resolve()
      }
      this.#followers.add(wake)
      signal.addEventListener('abort', wake, { once: true })
    })
  }

  #write(events: readonly Happened[]): void {
    for (const event of events) {
      const room = sizeOf(event)
      // Without its words and notes the picture of a request is still whole.
      if (this.size + room > most && /delta|note/.test(event.type)) {
        this.#truncated = true
        continue
      }
      this.#events.push(event)
      this.size += room
    }
    if (events.length > 0) this.#tell()
  }

  #tell(): void {
    for (const wake of [...this.#followers]) wake()
  }
}

function sizeOf(event: Happened): number {
  const words = 'text' in event ? event.text.length : 0
  const data = event.type === 'note' && event.data !== undefined ? JSON.stringify(event.data).length : 0
  return 200 + 2 * (words + data)
}
