import type { Asking, Fields } from './arrival.ts'

/** A request of the web's form whose headers were read once: each look at the runtime's own is a call out of the script. */
export class Looked implements Asking {
  readonly method: string
  readonly url: string
  readonly headers: Fields
  readonly #request: Request

  constructor(request: Request) {
    this.#request = request
    this.method = request.method
    this.url = request.url
    this.headers = new FieldList(request.headers)
  }

  get body(): Request['body'] {
    return this.#request.body
  }

  get signal(): AbortSignal {
    return this.#request.signal
  }

  arrayBuffer(): Promise<ArrayBuffer> {
    return this.#request.arrayBuffer()
  }
}

class FieldList implements Fields {
  readonly #pairs: [string, string][]

  constructor(headers: Headers) {
    this.#pairs = [...headers]
  }

  get(name: string): string | null {
    for (const [own, value] of this.#pairs) if (own === name) return value
    return null
  }

  has(name: string): boolean {
    return this.get(name) !== null
  }

  [Symbol.iterator](): Iterator<[string, string]> {
    return this.#pairs[Symbol.iterator]()
  }
}
