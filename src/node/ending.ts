/** More than what comes after the last word of an answer. */
const enough = 4096

/** What the last events of a stream have in them, of an answer or of an error. */
const ends = /\[DONE\]|"finish_reason":\s*"|message_stop|"error"|event:\s*error/

/** The event that ends a Response has all of it in it again, so it may begin long before the end. */
const endsResponse = /\[DONE\]|\bresponse\.(?:completed|incomplete|failed|cancelled)\b|"error"|event:\s*error/
const longestName = 24

/** Whether what is asked at a path is answered, if it is streamed, with events of which the last one can be told. */
export const isAnswered = (path: string): boolean =>
  /^\/(?:(?:chat\/)?completions|messages|responses)(?:\?|$)/.test(path)

/** Sees whether a stream of events that is handed over came to its end. */
export class Ending {
  readonly #isResponse: boolean
  #chunks: Buffer[] = []
  #length = 0
  #isWhole = false

  constructor(path: string) {
    this.#isResponse = path.startsWith('/responses')
  }

  push(chunk: Buffer): void {
    if (this.#isResponse) this.#look(chunk)
    this.#chunks.push(chunk)
    this.#length += chunk.length
    while (this.#length - this.#chunks[0]!.length >= enough) this.#length -= this.#chunks.shift()!.length
  }

  get isWhole(): boolean {
    return this.#isResponse ? this.#isWhole : ends.test(Buffer.concat(this.#chunks).toString('latin1'))
  }

  #look(chunk: Buffer): void {
    const before = this.#chunks.at(-1)?.subarray(-longestName).toString('latin1') ?? ''
    this.#isWhole ||= endsResponse.test(before + chunk.toString('latin1'))
  }
}
