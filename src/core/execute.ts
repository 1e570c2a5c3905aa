import { after, Countdown, type Deadline, isQuorum } from './deadline.ts'
import { endedBy } from './ended-by.ts'
import { BadRecipe, BudgetExhausted, cancelled, DeadlineReached } from './errors.ts'
import { Ledger, type Limits } from './ledger.ts'
import type { Completion, Model, Prompt } from './model.ts'
import { Queue } from './queue.ts'
import { type Event, Scope, type Shared } from './scope.ts'
import { Trace } from './trace.ts'

export type Execution = {
  /** What happens, as it happens; leaving the loop cancels the request. Ends when the result is there. */
  readonly events: AsyncIterable<Event>
  readonly result: Promise<Completion>
  readonly ledger: Ledger
  readonly deadline: Deadline | undefined
  /** What has happened so far. */
  readonly trace: Trace
}

export type ExecuteOptions = {
  readonly signal?: AbortSignal
  readonly limits?: Limits
  /** As it nears, the request is answered with what is in. */
  readonly deadline?: Deadline | undefined
} & Partial<Pick<Shared, 'models' | 'judge' | 'scorers' | 'services' | 'can' | 'carried' | 'tally' | 'hedge'>>

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
  const trace = new Trace()
  const said = { thinking: '', text: '' }
  const emit = (event: Event) => {
    trace.add(event)
    if (event.type === 'text-delta' && event.tail) said.text += event.text
    if (event.type === 'thinking-delta' && event.tail) said.thinking += event.text
    events.push(event)
    if (event.type === 'span-end') countdown?.look()
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
    carried: options.carried,
    tally: options.tally,
    hedge: options.hedge,
  }
  const root = new Scope('', signal, true, shared, [], ledger.left.calls)
  const timer = after(options.limits?.ms ?? Infinity, () => gone.abort(ledger.exhaust('ms')))
  const { deadline } = options
  // An answer that is being said goes on to the last moment.
  const enough = () => said.text === '' && isQuorum(trace.samples, deadline?.quorum)
  let answered = false
  const end = () => {
    if (answered) return gone.abort(cancelled('The answer is there.'))
    const { asked, done } = trace.samples
    root.note(`The deadline is near: ${done} of ${asked} samples are in.`)
    gone.abort(ledger.exhaust('deadline', new DeadlineReached(deadline!.ms, trace.samples)))
  }
  const countdown = deadline && new Countdown(deadline, enough, end)
  const result = root.run(
    'request',
    'request',
    async (scope) => {
      try {
        const completion = await model(prompt, scope)
        answered = true
        return spoken(completion, scope, said)
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
    clearTimeout(timer)
    countdown?.stop()
    letGo()
    events.end()
  }
  result.then(settle, settle)
  return { events, result, ledger, deadline, trace }
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

const missing =
  (what: string) =>
  (name?: unknown): never => {
    throw new BadRecipe(`No ${what}${typeof name === 'string' ? ` "${name}"` : ''} is configured.`)
  }
