import type { IncomingHttpHeaders } from 'node:http'
import type { Dispatcher } from 'undici/index.js'
import { MullError } from '#core'
import { cut } from '../upstream/refusal.ts'
import type { Connection } from './connections.ts'

type Controller = Dispatcher.DispatchController

/** Who is given a reply's body as it comes. */
export type Taker = {
  /** Returns whether there is room for more; if not, the exchange waits until it is told to `resume`. */
  take(piece: Buffer): boolean
  end(): void
  fail(error: Error): void
}

/** What an exchange comes to: its head, told once it is here, or what went wrong before that. */
export type Outcome = {
  begun(): void
  failed(error: Error): void
}

/** One request and its reply, as undici tells of it. What comes before somebody takes it is kept. */
export class Exchange implements Dispatcher.DispatchHandler {
  status = 0
  statusText = ''
  headers: IncomingHttpHeaders = {}
  /** Names and values in turn, as they came. */
  rawHeaders: string[] = []
  /** How many bytes of the body have come. */
  received = 0
  /** Whether all of the body is here. */
  isWhole = false
  /** Told by the connection. */
  over: Connection | undefined
  readonly #outcome: Outcome
  readonly #then: (() => void)[] = []
  #controller: Controller | undefined
  #isOnUsed = false
  #isRead = false
  #error: Error | undefined
  #taker: Taker | undefined
  #pieces: Buffer[] = []
  #stirred: (() => void) | undefined

  constructor(outcome: Outcome) {
    this.#outcome = outcome
  }

  /** Ends it, for a reason that whoever waits for it is told. */
  leave(reason: Error): void {
    if (this.#isOver) return
    if (this.#controller) this.#controller.abort(reason)
    // It still waits for a connection, and is not sent when there is one.
    else this.onResponseError(undefined, reason)
  }

  /** Whether the upstream closed an idle connection just as it was used again; nothing was read, so nothing was done. */
  isStale(error: Error): boolean {
    return this.#isOnUsed && !this.#isRead && closed.has((error as NodeJS.ErrnoException).code ?? '')
  }

  /** Resolves when the first bytes are here, which they mostly are with the head. Rejects with what went wrong before. */
  async begins(): Promise<void> {
    if (this.received === 0 && !this.#isOver)
      await new Promise<void>((resolve) => {
        this.#stirred = resolve
      })
    const error = this.received === 0 && this.#error
    if (error) throw error instanceof MullError ? error : cut(error)
  }

  /** Of what is kept, the first piece. */
  get first(): Buffer | undefined {
    return this.#pieces[0]
  }

  /** All of what is kept. */
  takeAll(): Buffer {
    const pieces = this.#pieces
    this.#pieces = []
    return pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces)
  }

  /** Gives what is kept, and from now on all that comes. */
  give(taker: Taker): void {
    this.#taker = taker
    for (const piece of this.#pieces) this.#hand(piece, taker)
    this.#pieces = []
    if (this.isWhole) taker.end()
    else if (this.#error) taker.fail(this.#error)
  }

  /** Lets all go that there is, so that the connection can be used again. */
  drop(): void {
    this.give({ take: () => true, end() {}, fail() {} })
  }

  resume(): void {
    this.#controller?.resume()
  }

  /** Calls when it has ended in any way. */
  whenOver(then: () => void): void {
    if (this.#isOver) then()
    else this.#then.push(then)
  }

  get #isOver(): boolean {
    return this.isWhole || this.#error !== undefined
  }

  onRequestStart(controller: Controller): void {
    this.#controller = controller
    if (this.#error) controller.abort(this.#error)
    else this.#isOnUsed = this.over?.carries() ?? false
  }

  onResponseStarted(): void {
    this.#isRead = true
  }

  onResponseStart(
    { rawHeaders }: Controller,
    status: number,
    headers: IncomingHttpHeaders,
    statusText: string | undefined,
  ): void {
    // What goes before a reply is about the connection.
    if (status < 200) return
    this.status = status
    // It was read as UTF-8, and goes on as it came.
    this.statusText = Buffer.from(statusText ?? '').toString('latin1')
    this.headers = headers
    this.rawHeaders = (rawHeaders as Buffer[]).map((bytes) => bytes.toString('latin1'))
    this.#outcome.begun()
  }

  onResponseData(_: Controller, piece: Buffer): void {
    this.received += piece.length
    if (this.#taker) this.#hand(piece, this.#taker)
    else this.#pieces.push(piece)
    this.#stirred?.()
  }

  onResponseEnd(): void {
    this.isWhole = true
    this.#taker?.end()
    this.#ended()
  }

  onResponseError(_: Controller | undefined, error: Error): void {
    if (this.#isOver) return
    this.#error = error
    if (this.status === 0) this.#outcome.failed(error)
    else this.#taker?.fail(error)
    this.#ended()
  }

  #hand(piece: Buffer, taker: Taker): void {
    if (!taker.take(piece)) this.#controller?.pause()
  }

  #ended(): void {
    this.#stirred?.()
    for (const then of this.#then) then()
  }
}

const closed: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET'])
