import type { Model } from '#core'
import type { Took } from './kept.ts'
import type { Piece, Speech } from './speech.ts'

/** What is being answered at the moment, by what makes requests the same. Known to this process alone. */
export class Flights {
  readonly #flights = new Map<string, Flight>()

  of(name: string): Flight | undefined {
    return this.#flights.get(name)
  }

  /** For the first who asks, until it has `left`; from now on others may join. */
  begin(name: string, left: AbortSignal): Flight {
    const flight = new Flight(left, () => {
      if (this.#flights.get(name) === flight) this.#flights.delete(name)
    })
    this.#flights.set(name, flight)
    return flight
  }
}

/**
 * One execution that answers several requests: the first of them asks, the others are told the same as it comes, from its
 * beginning. It is cancelled when the last of them has left, whoever that is.
 */
export class Flight {
  readonly #left: AbortSignal
  readonly #landed: () => void
  readonly #exit = new AbortController()
  readonly #said: Piece[] = []
  #speech: Speech | undefined
  #aboard = 0
  #ended = false
  #news = Promise.withResolvers<void>()

  constructor(left: AbortSignal, landed: () => void) {
    this.#left = left
    this.#landed = landed
    this.#board(left)
  }

  /** Ends what is asked. */
  get signal(): AbortSignal {
    return this.#exit.signal
  }

  /** What is said, for the first. It may be joined until `kept` resolves: from then on the answer is found elsewhere. */
  lead(speech: Speech, pieces: AsyncIterable<Piece>, kept: () => unknown): AsyncIterable<Piece> {
    this.#speech = speech
    this.#record(pieces).then(kept).then(this.#landed)
    return this.#pieces(this.#left)
  }

  /** For those who join: says the same once more, which costs them nothing. */
  readonly again: Model = async (_, scope) => {
    this.#board(scope.signal)
    for await (const { type, text } of this.#pieces(scope.signal)) scope[type](text)
    const { completion, votes, ledger } = this.#speech!
    const { span, shared } = scope
    if (votes) shared.emit({ type: 'votes', span, votes, voters: [] })
    if (ledger.exhausted) shared.ledger.exhaust(ledger.exhausted)
    for (const [model, other] of ledger.fellBack) shared.ledger.fellBack.set(model, other)
    return completion
  }

  /** What it took, once all is said. */
  get took(): Took {
    const { calls, usage } = this.#speech!.ledger
    return { at: Date.now(), calls, usage }
  }

  #board(left: AbortSignal): void {
    this.#aboard++
    const leave = () => {
      this.#tell()
      if (--this.#aboard > 0) return
      this.#landed()
      this.#exit.abort(left.reason)
    }
    if (left.aborted) leave()
    else left.addEventListener('abort', leave, { once: true })
  }

  async #record(pieces: AsyncIterable<Piece>): Promise<void> {
    for await (const piece of pieces) {
      this.#said.push(piece)
      this.#tell()
    }
    this.#ended = true
    this.#tell()
  }

  async *#pieces(left: AbortSignal): AsyncGenerator<Piece> {
    for (let next = 0; ; ) {
      left.throwIfAborted()
      if (next < this.#said.length) yield this.#said[next++]!
      else if (this.#ended) return
      else await this.#news.promise
    }
  }

  #tell(): void {
    this.#news.resolve()
    this.#news = Promise.withResolvers()
  }
}
