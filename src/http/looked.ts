import type { Asking, Fields, Whole } from './arrival.ts'

/** A request of the web's form whose headers are read once: each look at the runtime's own is a call out of the script. */
export class Looked implements Asking {
  readonly method: string
  readonly url: string
  readonly headers: Fields
  readonly #request: Request

  constructor(request: Request) {
    this.method = request.method
    this.url = request.url
    this.headers = new FieldsOf(request.headers)
    this.#request = request
  }

  get body(): Request['body'] {
    return this.#request.body
  }

  get signal(): AbortSignal {
    return this.#request.signal
  }

  arrayBuffer(): ReturnType<Whole['request']['arrayBuffer']> {
    return this.#request.arrayBuffer()
  }
}

/** Their names are in lower case. */
class FieldsOf implements Fields {
  readonly #pairs: [name: string, value: string][] = []

  constructor(headers: Headers) {
    headers.forEach((value, name) => {
      this.#pairs.push([name, value])
    })
  }

  get(name: string): string | null {
    for (const [own, value] of this.#pairs) if (own === name) return value
    return null
  }

  has(name: string): boolean {
    return this.get(name) !== null
  }

  [Symbol.iterator](): Iterator<[name: string, value: string]> {
    return this.#pairs[Symbol.iterator]()
  }
}
