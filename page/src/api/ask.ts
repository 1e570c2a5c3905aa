import { signal } from '@preact/signals'
import { Search } from '../search/search.ts'
import { eventsOf, Refused, send } from './send.ts'
import { watch } from './traces.ts'

export type State = 'waiting' | 'answering' | 'done' | 'stopped' | 'failed'

/** One question put to one recipe, and everything that comes of it while it comes. */
export class Asking {
  readonly recipe: string
  readonly state = signal<State>('waiting')
  readonly thinking = signal('')
  readonly answer = signal('')
  readonly failure = signal<Refused | undefined>(undefined)
  /** What the search is called, once it has begun. */
  readonly id = signal<string | undefined>(undefined)
  readonly search = new Search()
  /** Why the search cannot be seen; undefined if it can. */
  readonly unseen = signal<string | undefined>(undefined)
  readonly #leave = new AbortController()
  /** The server's clock beside ours. */
  #ahead = 0

  constructor(recipe: string, question: string) {
    this.recipe = recipe
    this.#ask(question).catch((error: unknown) => this.#failed(error))
  }

  get over(): boolean {
    return this.state.value !== 'waiting' && this.state.value !== 'answering'
  }

  /** The present, on the clock that the search has. */
  get now(): number {
    return Date.now() + this.#ahead
  }

  /** Leaves, which cancels everything that is under way. */
  stop(): void {
    if (this.over) return
    this.state.value = 'stopped'
    this.#leave.abort()
  }

  async #ask(question: string): Promise<void> {
    const { signal } = this.#leave
    const messages = [{ role: 'user', content: question }]
    const response = await send('chat/completions', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model: this.recipe, messages, stream: true }),
      signal,
    })
    const id = response.headers.get('x-request-id') ?? undefined
    this.id.value = id
    const seen = this.#watch(id)
    for await (const chunk of eventsOf(response)) this.#hear(chunk as Chunk)
    await seen
    this.state.value = 'done'
  }

  #hear({ error, choices }: Chunk): void {
    if (error) throw new Refused(error.message, 0, error.param ?? undefined)
    const { content, reasoning_content: thinking } = choices?.[0]?.delta ?? {}
    if (thinking) this.thinking.value += thinking
    if (!content) return
    this.answer.value += content
    this.state.value = 'answering'
  }

  async #watch(id: string | undefined): Promise<void> {
    try {
      if (id === undefined) return
      for await (const happened of watch(id)) {
        if (this.search.root === undefined) this.#ahead = happened.at - Date.now()
        this.search.add(happened)
      }
    } catch (error) {
      this.unseen.value = (error as Error).message
    }
  }

  #failed(error: unknown): void {
    if (this.state.peek() === 'stopped') return
    this.state.value = 'failed'
    this.failure.value = error instanceof Refused ? error : new Refused((error as Error).message, 0)
  }
}

type Chunk = {
  readonly error?: { readonly message: string; readonly param?: string | null }
  readonly choices?: readonly {
    readonly delta?: { readonly content?: string; readonly reasoning_content?: string }
  }[]
}
