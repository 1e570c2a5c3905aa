import { bareCloses, delimiters, firstOf, heldBack } from './delimiters.ts'

/** `closed`: a reasoning block ended. `open`: the text was cut off inside one, so there is no answer. `none`: no block. */
export type ThinkState = 'closed' | 'open' | 'none'

export type ThinkContext = {
  /** The chat template has opened the block: the text begins inside it. */
  readonly prefilled?: boolean
  /** Whether the model was asked to think. `on` without any tag means the template opened the block. */
  readonly thinking?: 'on' | 'off'
  readonly finish_reason?: string
}

export type Thoughts = { readonly reasoning: string; readonly answer: string }

/** An assistant message, whose server may have split the reasoning off already. */
export type ThoughtfulMessage = {
  readonly content?: unknown
  readonly reasoning_content?: unknown
  readonly reasoning?: unknown
  readonly thinking?: unknown
  readonly reasoning_details?: unknown
  readonly [field: string]: unknown
}

const openings = delimiters.map(({ open }) => open)
const longestMark = Math.max(...delimiters.map(({ close }) => close.length))

/** Splits a stream into reasoning and answer as it comes, holding back only what may turn out to be part of a tag. */
export class ThinkSplitter {
  readonly #prefilled: boolean
  #state: 'start' | 'thinking' | 'answer' = 'start'
  #close: readonly string[] = bareCloses
  #pending = ''
  #reasoning = ''
  #answer = ''
  #closed = false
  #unopened = false
  #trim = false

  constructor(context: ThinkContext = {}) {
    this.#prefilled = context.prefilled ?? context.thinking === 'on'
  }

  /** Whether a block ended that nothing in the text had opened. */
  get unopened(): boolean {
    return this.#unopened
  }

  /** What became certain with this piece of text. */
  push(delta: string): Thoughts {
    this.#pending += delta
    const before = { reasoning: this.#reasoning.length, answer: this.#answer.length }
    while (this.#advance());
    return { reasoning: this.#reasoning.slice(before.reasoning), answer: this.#answer.slice(before.answer) }
  }

  /** The totals. A block that never closed leaves no answer. */
  end(): Thoughts & { readonly state: ThinkState } {
    if (this.#state === 'thinking' || (this.#state === 'start' && this.#prefilled)) {
      this.#reasoning += this.#take(held(this.#pending, this.#close))
      return { reasoning: this.#reasoning.trim(), answer: '', state: 'open' }
    }
    this.#answer += this.#pending
    this.#pending = ''
    return { reasoning: this.#reasoning.trim(), answer: this.#answer, state: this.#closed ? 'closed' : 'none' }
  }

  /** Takes one step through what is pending; false when more text is needed. */
  #advance(): boolean {
    if (this.#state === 'start') return this.#begin()
    if (this.#state === 'thinking') return this.#think()
    return this.#speak()
  }

  #begin(): boolean {
    const text = this.#pending.trimStart()
    const found = delimiters.find(({ open }) => text.toLowerCase().startsWith(open))
    if (found) {
      this.#pending = text.slice(found.open.length)
      this.#close = [found.close]
      this.#state = 'thinking'
      return true
    }
    if (text === '' || openings.some((open) => open.startsWith(text.toLowerCase()))) return false
    this.#state = this.#prefilled ? 'thinking' : 'answer'
    return true
  }

  #think(): boolean {
    const found = firstOf(this.#pending, this.#close)
    if (found) {
      this.#reasoning += this.#pending.slice(0, found.at)
      this.#pending = this.#pending.slice(found.at + found.mark.length)
      this.#closed = this.#trim = true
      this.#state = 'answer'
      return true
    }
    this.#reasoning += this.#take(held(this.#pending, this.#close))
    return false
  }

  /** A close without an opening means that everything before it was reasoning (R1's template opens the block). */
  #speak(): boolean {
    if (this.#trim) {
      this.#pending = this.#pending.trimStart()
      if (this.#pending === '') return false
      this.#trim = false
    }
    const found = this.#closed ? undefined : firstOf(this.#pending, bareCloses)
    if (found) {
      this.#reasoning += this.#answer + this.#pending.slice(0, found.at)
      this.#pending = this.#pending.slice(found.at + found.mark.length)
      this.#answer = ''
      this.#closed = this.#unopened = this.#trim = true
      return true
    }
    this.#answer += this.#take(this.#closed ? 0 : held(this.#pending, bareCloses))
    return false
  }

  #take(held: number): string {
    const text = this.#pending.slice(0, this.#pending.length - held)
    this.#pending = this.#pending.slice(this.#pending.length - held)
    return text
  }
}

/** Tags are written in either case, so both sides are compared in lower case. */
const held = (text: string, marks: readonly string[]) => heldBack(text.slice(-longestMark).toLowerCase(), marks)

/** Splits a whole text, or an assistant message whose reasoning may stand in a field of its own. */
export function splitThinking(
  input: string | ThoughtfulMessage,
  context: ThinkContext = {},
): Thoughts & { state: ThinkState } {
  if (typeof input === 'string') {
    const splitter = new ThinkSplitter(context)
    splitter.push(input)
    return splitter.end()
  }
  const reasoning = reasoningOf(input)
  const content = typeof input.content === 'string' ? input.content : ''
  const split = splitThinking(content, reasoning ? {} : context)
  if (!reasoning) return split
  const state = split.answer.trim() === '' ? 'open' : 'closed'
  return { reasoning: [reasoning, split.reasoning].filter(Boolean).join('\n'), answer: split.answer, state }
}

/** The reasoning that a message, or a stream's delta, carries in a field: the first of the known names that is not empty. */
export function reasoningOf(message: ThoughtfulMessage): string {
  for (const text of [message.reasoning_content, message.reasoning, message.thinking])
    if (typeof text === 'string' && text) return text
  if (!Array.isArray(message.reasoning_details)) return ''
  return message.reasoning_details.map((detail) => detail?.text ?? detail?.summary ?? '').join('')
}
