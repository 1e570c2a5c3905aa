import { endedBy } from './ended-by.ts'
import { BadRecipe, BudgetExhausted, cancelled } from './errors.ts'
import { Ledger, type Limits } from './ledger.ts'
import type { Completion, Model, Prompt } from './model.ts'
import { Queue } from './queue.ts'
import { type Event, Scope, type Shared } from './scope.ts'

export type Execution = {
  /** What happens, as it happens; leaving the loop cancels the request. Ends when the result is there. */
  readonly events: AsyncIterable<Event>
  readonly result: Promise<Completion>
  readonly ledger: Ledger
}

export type ExecuteOptions = {
  readonly signal?: AbortSignal
  readonly limits?: Limits
} & Partial<Pick<Shared, 'models' | 'judge' | 'scorers' | 'services' | 'can' | 'tally'>>

/**
 * Runs a model for one request: a stream of what happens, and the completion it comes to. The tail deltas of the events
 * are exactly the completion's thinking and text, so a streamed and a plain response are two readings of one thing.
 */
export function execute(model: Model, prompt: Prompt, options: ExecuteOptions = {}): Execution {
  const ledger = new Ledger(options.limits)
  const gone = new AbortController()
  const events = new Queue<Event>(() => gone.abort(cancelled('The reader left.')))
  const { signal } = gone
  const letGo = endedBy(options.signal, gone)
  const deadline = deadlineOf(options.limits, () => gone.abort(ledger.exhaust('ms')))
  const said = { thinking: '', text: '' }
  const emit = (event: Event) => {
    if (event.type === 'text-delta' && event.tail) said.text += event.text
    if (event.type === 'thinking-delta' && event.tail) said.thinking += event.text
    events.push(event)
  }
  const shared = {
    ledger,
    signal,
    emit,
    models: options.models ?? missing('model'),
    judge: options.judge,
    scorers: options.scorers ?? missing('scorer'),
    services: options.services ?? missing('service'),
    can: options.can ?? (async () => false),
    tally: options.tally,
  }
  const root = new Scope('', signal, true, shared, [], ledger.left.calls)
  const result = root.run(
    'request',
    'request',
    async (scope) => {
      try {
        return spoken(await model(prompt, scope), scope, said)
      } catch (error) {
        if (error instanceof BudgetExhausted && said.text) return { finish: 'length' as const, ...heardOf(said) }
        throw error
      } finally {
        await ledger.settled()
      }
    },
    true,
  )
  const settle = () => {
    clearTimeout(deadline)
    letGo()
    events.end()
  }
  result.then(settle, settle)
  return { events, result, ledger }
}

/** Says what was not heard as it came. Words already said cannot be taken back, so they stand. */
function spoken(completion: Completion, scope: Scope, said: Said): Completion {
  const { text, thinking = '' } = completion
  if (!text.startsWith(said.text)) return { finish: 'length', ...heardOf(said) }
  const thoughtOn = said.text === '' && thinking.startsWith(said.thinking)
  scope.say({ thinking: thoughtOn ? thinking.slice(said.thinking.length) : '', text: text.slice(said.text.length) })
  const { thinking: _unheard, span: _within, ...rest } = completion
  return { ...rest, ...heardOf({ ...said, text }) }
}

type Said = { readonly thinking: string; readonly text: string }

const heardOf = ({ thinking, text }: Said) => ({ text, ...(thinking ? { thinking } : {}) })

/** Longer than a timer can wait is as good as for ever, and would fire at once. */
const deadlineOf = ({ ms = Infinity }: Limits = {}, end: () => void) => (ms < 2 ** 31 ? setTimeout(end, ms) : undefined)

const missing =
  (what: string) =>
  (name?: unknown): never => {
    throw new BadRecipe(`No ${what}${typeof name === 'string' ? ` "${name}"` : ''} is configured.`)
  }
