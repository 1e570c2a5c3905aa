/** What the tests of a strategy are written with: a model that says what it is told to, and what comes of it. */
import {
  BadRecipe,
  type Completion,
  type Event,
  type Execution,
  type Model,
  metered,
  type Prompt,
  type Scope,
  type Service,
  type ServiceName,
  type Usage,
  untilAborted,
} from '#core'
import { AnswerTally } from '#vote'
import { scorerOf } from './scorers/index.ts'

/** One call of the scripted model. */
export type Call = {
  readonly prompt: Prompt
  readonly scope: Scope
  /** Its place among all calls, from 0. */
  readonly order: number
  /** Which draw of the innermost question it is; 0 for one that is no draw. */
  readonly draw: number
  /** Says a part of the answer ahead; the rest follows when the script returns. */
  readonly speak: (text: string) => void
}

export type Line = string | (Partial<Completion> & { usage?: Usage })
export type Script = (call: Call) => Line | Promise<Line>

/** Never comes; the scope's end is the only way out. */
export const never: Promise<never> = new Promise(() => {})

/** A model that says what its script says, as a metered leaf, and counts how it is asked. */
export class Scripted {
  readonly calls: Call[] = []
  /** Calls that have neither answered nor been let go. */
  live = 0
  /** The most there ever were at once. */
  peak = 0
  readonly model: Model
  readonly #watchers = new Set<() => void>()

  constructor(script: Script) {
    this.model = metered('scripted')((prompt, scope) => this.#answer(script, prompt, scope))
  }

  /** Every prompt's last message, in the order asked. */
  get asked(): string[] {
    return this.calls.map(({ prompt }) => String(prompt.messages.at(-1)?.content))
  }

  /** Resolves as soon as `holds` does, looked at now and whenever a call starts or ends. */
  until(holds: (scripted: Scripted) => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (!holds(this)) return
        this.#watchers.delete(look)
        resolve()
      }
      this.#watchers.add(look)
      look()
    })
  }

  async #answer(script: Script, prompt: Prompt, scope: Scope): Promise<Completion> {
    const book = scope.shared.ledger.open()
    let said = ''
    const speak = (text: string) => {
      said += text
      scope.text(text)
    }
    const call = { prompt, scope, order: this.calls.length, draw: scope.draws.at(-1) ?? 0, speak }
    this.calls.push(call)
    this.peak = Math.max(this.peak, ++this.live)
    this.#changed()
    let usage: Usage = { input: 10, output: 5 }
    try {
      const line = await untilAborted((async () => script(call))(), scope.signal)
      const { usage: used = usage, ...completion } = { text: '', ...(typeof line === 'string' ? { text: line } : line) }
      usage = used
      if (completion.thinking) scope.thinking(completion.thinking)
      if (completion.text.length > said.length) scope.text(completion.text.slice(said.length))
      return { finish: 'stop', ...completion }
    } finally {
      this.live--
      book(usage)
      this.#changed()
    }
  }

  #changed(): void {
    for (const look of this.#watchers) look()
  }
}

/** A list answers by draw: the first draw of a question gets the first line, wherever it is asked from. */
export const scripted = (script: Script | readonly Line[]): Scripted =>
  new Scripted(typeof script === 'function' ? script : ({ draw }) => script[draw % script.length]!)

export const question = (content: string, more: Partial<Prompt> = {}): Prompt => ({
  messages: [{ role: 'user', content }],
  ...more,
})

/** What `execute` is given beside a model and a prompt, as the entries do it. */
export const context = {
  scorers: scorerOf,
  services: (name: ServiceName): Service => {
    throw new BadRecipe(`No ${name} is set up.`)
  },
  tally: (asked: Prompt, note: (text: string, data?: unknown) => void) => new AnswerTally(asked, note),
}

/** Everything that happens in an execution, and what it comes to. */
export async function heard({ events, result }: Pick<Execution, 'events' | 'result'>) {
  const all: Event[] = []
  for await (const event of events) all.push(event)
  return { events: all, completion: await result, said: said(all), notes: notes(all) }
}

/** What a client hears: the deltas in tail position. */
export const said = (events: readonly Event[]): { text: string; thinking: string } => {
  const tail = (type: 'text-delta' | 'thinking-delta') =>
    events.map((event) => (event.type === type && event.tail ? event.text : '')).join('')
  return { text: tail('text-delta'), thinking: tail('thinking-delta') }
}

export const notes = (events: readonly Event[]): string[] =>
  events.flatMap((event) => (event.type === 'note' ? [event.text] : []))
