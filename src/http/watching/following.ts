import { type Event, MullError } from '#core'
import type { Arrival, Asking } from '../arrival.ts'
import type { Speech } from '../speech.ts'
import { called, clientsId, idHeader } from './request-id.ts'
import type { Ending, Place, Planned, Sending, Sent, Spent, Watch, Watching } from './watch.ts'

/** One request, followed from its first byte to its last. Where nobody watches it has an id, and that is all. */
export class Following {
  readonly id: string = crypto.randomUUID()
  readonly requestId: string
  readonly #watches: readonly Watch[]
  readonly #sending: Sending | undefined
  readonly #begun: number = performance.now()
  #relaying = false
  #relayedAt: number | undefined
  #declinedMs = 0
  #speech: Speech | undefined
  #streamed = false
  #firstMs: number | undefined
  #code: string | undefined
  #left = false

  constructor(place: Place, { request, env }: Arrival, watching: Watching | undefined) {
    this.requestId = clientsId(request.headers) ?? this.id
    this.#watches = watching ? this.#watched(watching, place, request) : []
    if (this.watched) this.#sending = watching!.sending(request, env, (how) => this.#ended(how))
  }

  get watched(): boolean {
    return this.#watches.length > 0
  }

  identified(name: string): void {
    for (const watch of this.#watches) watch.identified?.(name)
  }

  planned(plan: Planned): void {
    for (const watch of this.#watches) watch.planned?.(plan)
  }

  /** The reply is one of Mull's own. */
  answeredBy(speech: Speech, streamed: boolean): void {
    this.#speech = speech
    this.#streamed = streamed
  }

  /** Hears what happens in the execution; undefined where nobody wants to. */
  get hearing(): ((event: Event) => void) | undefined {
    if (!this.watched) return undefined
    const watches = this.#watches.filter(({ heard }) => heard)
    return (event) => {
      const isWord = event.type === 'text-delta' || event.type === 'thinking-delta'
      if (isWord && event.tail && this.#streamed) this.#first()
      for (const watch of watches) watch.heard!(event)
    }
  }

  /** Headers that upstream requests take along; undefined for none. */
  get carrying(): ((span: string) => Readonly<Record<string, string>>) | undefined {
    const watches = this.#watches.filter(({ carried }) => carried)
    if (watches.length === 0) return undefined
    return (span) => Object.assign({}, ...watches.map((watch) => watch.carried!(span)))
  }

  /** The request goes on to the upstream. */
  relays(): void {
    if (this.watched) this.#relayedAt = performance.now()
    this.#relaying = true
  }

  /** The upstream does not serve it after all. */
  declined(): void {
    if (this.#relayedAt !== undefined) this.#declinedMs += performance.now() - this.#relayedAt
    this.#relayedAt = undefined
    this.#relaying = false
  }

  /** The first byte of a relayed reply is on its way; undefined where nobody wants to know. */
  get beginning(): ((streamed: boolean) => void) | undefined {
    if (!this.watched) return undefined
    return (streamed) => {
      this.#streamed = streamed
      this.#first()
    }
  }

  /** Headers of ours for a relayed reply, by what the upstream calls the request. */
  onRelay(upstreams: string | undefined): Readonly<Record<string, string>> {
    if (upstreams === undefined) return called(this.requestId)
    return upstreams === this.requestId ? {} : { 'x-mull-request-id': this.requestId }
  }

  /** What is answered then is of Mull's own. */
  failed(error: unknown): void {
    this.#relaying = false
    this.#code ??= error instanceof MullError ? error.code : 'internal_error'
  }

  /** The client is gone, and what is answered is for nobody. */
  left(): void {
    this.#left = true
  }

  /** The response as it goes to the runtime. */
  sends(response: Response): Response {
    if (!this.#relaying) {
      response.headers.set(idHeader, this.requestId)
      if (!this.#streamed) this.#first()
    }
    return this.#sending ? this.#sending.reply(response) : response
  }

  #first(): void {
    this.#firstMs ??= performance.now() - this.#begun
  }

  #watched({ watchers }: Watching, place: Place, { method, url, headers }: Asking): readonly Watch[] {
    if (looking.has(place)) return []
    const { id, requestId } = this
    const beginning = { id, requestId, at: Date.now(), place, method, path: pathOf(url), headers }
    return watchers.flatMap((watcher) => watcher(beginning) ?? [])
  }

  /** What happens in an execution that nobody waits for any more is heard to its end, which is near. */
  #ended(sent: Sent): void {
    const ms = performance.now() - this.#begun
    if (this.#speech) this.#sending!.keep(this.#speech.told.then(() => this.#tell(this.#endingOf(sent, ms))))
    else this.#tell(this.#endingOf(sent, ms))
  }

  #tell(ending: Ending): void {
    for (const watch of this.#watches) {
      const work = watch.ended?.(ending)
      if (work) this.#sending!.keep(work)
    }
  }

  #endingOf(sent: Sent, ms: number): Ending {
    const status = this.#left ? 499 : (sent.status ?? 499)
    const failed = status >= 400 || this.#code !== undefined
    const relayedMs = this.#relayedAt === undefined ? 0 : ms - (this.#relayedAt - this.#begun)
    return {
      status,
      outcome: this.#left || !sent.whole ? 'left' : failed ? 'failed' : 'answered',
      code: this.#code,
      ms,
      firstMs: this.#firstMs,
      streamed: this.#streamed,
      upstreamMs: this.#declinedMs + relayedMs + (this.#speech?.ledger.upstreamMs ?? 0),
      spent: this.#speech && spentOf(this.#speech),
    }
  }
}

/** Who looks at what others did is not looked at. */
const looking: ReadonlySet<Place> = new Set(['traces', 'metrics'])

function pathOf(url: string): string {
  const start = url.startsWith('/') ? 0 : url.indexOf('/', url.indexOf('://') + 3)
  const end = url.indexOf('?', start)
  return end < 0 ? url.slice(start) : url.slice(start, end)
}

function spentOf({ ledger, trace, votes }: Speech): Spent {
  const { usage, calls, requests, retries } = ledger
  return { usage, calls, requests, retries, samples: trace.count('sample'), agreement: votes?.agreement }
}
