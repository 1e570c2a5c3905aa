import { type ThinkContext, ThinkSplitter, type ThinkState } from '#answers'
import { type Completion, type Finish, type Prompt, type Scope, type ToolCall, UpstreamFailed } from '#core'
import type { Learned } from './capabilities.ts'
import { Extra } from './extra.ts'
import { beginningOf, Margins, withoutEcho } from './prefill.ts'
import { cutAt, StopFilter } from './stop.ts'
import { ToolCalls } from './tool-calls.ts'
import { type Choice, logprobsOf, textOf, thinkingOf } from './wire.ts'

/** Puts one completion together from what is heard of it, and speaks it in its scope as it comes. */
export class Hearing {
  readonly #scope: Scope
  readonly #stops: readonly string[]
  readonly #stop: StopFilter
  readonly #learned: Learned
  /** Of a message that is gone on with: whether its beginning leaves the thinking open. */
  readonly #begun: ThinkState | undefined
  readonly #withoutEcho: (text: string) => string
  /** Around thinking that is gone on with: whoever puts the pieces together needs them. */
  #margins: Margins | undefined
  readonly #toolCalls = new ToolCalls()
  readonly #choiceExtra = new Extra()
  readonly #messageExtra = new Extra()
  #splitter: ThinkSplitter
  /** The template is only believed to open the thinking: a text that ends without a closing tag was an answer. */
  #guessed: boolean
  #thinking = ''
  #said = ''
  #finish: string | undefined
  /** Characters heard, and the pieces they came in, for an upstream that does not count tokens. */
  heard = 0
  #pieces = 0

  constructor(scope: Scope, prompt: Prompt, learned: Learned, context: ThinkContext) {
    const beginning = beginningOf(prompt)
    this.#scope = scope
    this.#stops = prompt.stop ?? []
    this.#stop = new StopFilter(this.#stops)
    this.#learned = learned
    this.#begun = beginning?.state
    this.#withoutEcho = withoutEcho(learned.can.prefill === 'mistral' ? (beginning?.text ?? '') : '')
    this.#guessed = !beginning && learned.opensThinking && context.prefilled === undefined
    if (this.#begun === 'open') this.#margins = new Margins()
    const opened = beginning ? { prefilled: beginning.state === 'open' } : this.#guessed ? { prefilled: true } : context
    this.#splitter = new ThinkSplitter({ ...opened, unwrap: false })
  }

  /** Whether nothing more is expected: the upstream said why it ended, or a stop string was met. */
  get done(): boolean {
    return this.#finish !== undefined || this.stopped
  }

  /** Whether a stop string was met that the upstream knows nothing of: it goes on. */
  get stopped(): boolean {
    return this.#finish === undefined && this.#stop.stopped
  }

  /** About how many tokens that was: four characters each, or one in each piece where the pieces are smaller. */
  get tokens(): number {
    return Math.max(Math.ceil(this.heard / 4), this.#pieces)
  }

  /** Whether the upstream gave this choice at all. */
  get begun(): boolean {
    return this.heard > 0 || this.#finish !== undefined
  }

  /** What is said when nobody listens any more has its price all the same. */
  overhear({ delta, message }: Choice): void {
    const said = message ?? delta ?? {}
    const length = thinkingOf(said).length + textOf(said.content).length
    this.heard += length
    if (length > 0) this.#pieces++
  }

  hear(choice: Choice): void {
    const { delta, message, finish_reason: finish, index: _index, ...extra } = choice
    const said = message ?? delta ?? {}
    const logprobs = logprobsOf(choice['logprobs'])
    if (logprobs.length > 0) this.#scope.logprobs(logprobs)
    // Who hears the likelihoods may want no more of the sample.
    if (this.#scope.signal.aborted) {
      this.overhear(choice)
      return
    }
    const thinking = thinkingOf(said)
    const text = this.#withoutEcho(textOf(said.content))
    if (thinking || text) this.#pieces++
    if (thinking) this.#think(thinking)
    if (text) this.#speak(text)
    for (const [position, call] of (said.tool_calls ?? []).entries()) this.heard += this.#toolCalls.hear(call, position)
    this.#choiceExtra.add(extra)
    this.#messageExtra.add(said)
    if (finish) this.#finish = finish
  }

  /** The completion, once nothing more will come. Throws UpstreamFailed for one that the upstream gave up. */
  end(): Completion {
    if (this.#finish === 'error') throw new UpstreamFailed('upstream_error', 'The upstream gave up a completion.', 502)
    const { reasoning, answer, state } = this.#splitter.end()
    const unthought = this.#guessed && state === 'open' && this.#finish !== 'length'
    if (unthought && reasoning) this.#learned.opensThinking = false
    if (!this.#begun && this.#splitter.unopened) this.#learned.opensThinking = true
    // Servers that split the thinking off wait for its end, which may stand in what the message began with.
    const unsplit = this.#begun === 'closed' && answer === ''
    const whole = unthought ? reasoning : unsplit ? this.#thinking : answer
    const cut = cutAt(whole, this.#stops)
    const text = cut?.text ?? whole
    if (text.startsWith(this.#said) && text.length > this.#said.length) this.#scope.text(text.slice(this.#said.length))
    const within = this.#margins?.around(reasoning, state === 'open') ?? reasoning
    const thinking = [unsplit ? '' : this.#thinking, unthought ? '' : within].filter(Boolean).join('\n')
    const toolCalls = this.#toolCalls.inOrder()
    return {
      text,
      ...(thinking ? { thinking } : {}),
      ...(toolCalls.length > 0 ? { toolCalls } : {}),
      finish: cut === undefined ? finishOf(this.#finish, toolCalls) : 'stop',
      ...(cut ? { stopped: cut.stop } : {}),
      ...this.#choiceExtra.as('choiceExtra'),
      ...this.#messageExtra.as('messageExtra'),
    }
  }

  /** A server that splits the thinking off leaves none in the text. */
  #think(thinking: string): void {
    if (!this.#thinking && !this.heard) {
      this.#guessed = false
      this.#margins = undefined
      this.#splitter = new ThinkSplitter({ unwrap: false })
    }
    this.heard += thinking.length
    this.#thinking += thinking
    this.#scope.thinking(thinking)
  }

  #speak(text: string): void {
    this.heard += text.length
    this.#margins?.hear(text)
    const { reasoning, answer } = this.#splitter.push(text)
    if (reasoning) this.#scope.thinking((this.#margins?.take() ?? '') + reasoning)
    const certain = answer && this.#stop.push(answer)
    if (!certain) return
    this.#said += certain
    this.#scope.text(certain)
  }
}

function finishOf(finish: string | undefined, toolCalls: readonly ToolCall[]): Finish {
  if (finish === 'length' || finish === 'tool_calls') return finish
  if (finish === 'content_filter') return 'filter'
  return toolCalls.length > 0 ? 'tool_calls' : 'stop'
}
