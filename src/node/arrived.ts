import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Asking, Fields } from '../http/arrival.ts'
import { pairsOf } from './pairs.ts'

/** A request as Node has it, whose body was read already. */
export class Arrived implements Asking {
  readonly method: string
  readonly url: string
  readonly headers: Fields
  readonly body = null
  readonly #outgoing: ServerResponse

  constructor(incoming: IncomingMessage, outgoing: ServerResponse) {
    this.method = incoming.method!
    this.url = incoming.url!
    this.headers = new FieldsOf(incoming)
    this.#outgoing = outgoing
  }

  /** Aborted when the client leaves before all of its reply is out. */
  get signal(): AbortSignal {
    const left = new AbortController()
    const closed = () => this.#outgoing.writableFinished || left.abort()
    if (this.#outgoing.destroyed) closed()
    else this.#outgoing.once('close', closed)
    return left.signal
  }
}

class FieldsOf implements Fields {
  readonly #incoming: IncomingMessage

  constructor(incoming: IncomingMessage) {
    this.#incoming = incoming
  }

  get(name: string): string | null {
    const value = this.#incoming.headers[name.toLowerCase()]
    return Array.isArray(value) ? value.join(', ') : (value ?? null)
  }

  has(name: string): boolean {
    return this.#incoming.headers[name.toLowerCase()] !== undefined
  }

  *[Symbol.iterator](): Iterator<[string, string]> {
    for (const [name, value] of pairsOf(this.#incoming)) yield [name.toLowerCase(), value]
  }
}
