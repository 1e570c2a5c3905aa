import { bareCloses, delimiters, silentTokens, toolCalls, wrappers } from './delimiters.ts'
import { heldBack } from './held-back.ts'
import { Marks } from './marks.ts'
import { type SplitThoughts, splitThinking, type ThinkContext, type Thoughts } from './split.ts'

const both = ({ open, close }: { open: string; close: string }) => [open, close]
const tags = delimiters.filter(({ leading }) => !leading)
const prose = delimiters.filter(({ leading }) => leading).flatMap(both)
const tokens = [...[...tags, ...wrappers].flatMap(both), ...bareCloses, ...silentTokens, ...toolCalls]
const marks = [...prose, ...tokens]
const anyMark = new Marks(marks)
const openings = new Marks(delimiters.map(({ open }) => open))
const longest = Math.max(...marks.map((mark) => mark.length))

/**
 * Splits a stream into reasoning and answer as it comes, holding back only what may turn out to be part of a tag. The
 * totals at the end are those of the whole text: a close that nothing opened turns what was said into reasoning.
 */
export class ThinkSplitter {
  readonly #context: ThinkContext
  readonly #said = { reasoning: '', answer: '' }
  #text = ''
  #seen = 0
  #inside = false
  #splits = 0
  /** An opening within the answer is thinking only if it closes, so nothing behind it is certain yet. */
  #waiting = false

  constructor(context: ThinkContext = {}) {
    this.#context = context
  }

  /** Whether a block ended that nothing in the text had opened. */
  get unopened(): boolean {
    const { prefilled, thinking } = this.#context
    return !(prefilled ?? thinking === 'on') && !openings.find(this.#text) && this.end().state === 'closed'
  }

  /** What became certain with this piece of text. */
  push(delta: string): Thoughts {
    this.#text += delta
    const visible = this.#text.slice(0, this.#text.length - this.#held())
    const fresh = visible.slice(this.#seen)
    if (fresh === '' || (this.#seen === 0 && visible.trim() === '')) return nothing
    const marked = this.#seen === 0 || this.#isMarked(visible)
    this.#seen = visible.length
    if (marked) this.#splits++
    if (this.#splits > most) return nothing
    if (marked) return this.#split(visible)
    if (this.#waiting) return nothing
    return this.#say(
      this.#inside
        ? { reasoning: fresh, answer: '' }
        : { reasoning: '', answer: this.#said.answer === '' ? fresh.trimStart() : fresh },
    )
  }

  /** The totals. A block that never closed leaves no answer. */
  end(): SplitThoughts {
    return splitThinking(this.#text, this.#context)
  }

  /** Only a mark changes where the words go, so only then is the text read from its beginning. */
  #split(visible: string): Thoughts {
    const { finish_reason: _, ...context } = this.#context
    const { reasoning, answer, state } = splitThinking(visible, context)
    this.#inside = state === 'open'
    const open = this.#inside ? undefined : openings.find(answer)
    this.#waiting = open !== undefined
    const certain = open ? answer.slice(0, open.at) : answer
    const space = this.#inside && reasoning ? visible.slice(visible.trimEnd().length) : ''
    return this.#say({
      reasoning: beyond(this.#said.reasoning, reasoning + space),
      answer: beyond(this.#said.answer, certain),
    })
  }

  #isMarked(visible: string): boolean {
    let mark = anyMark.find(visible, Math.max(0, this.#seen - longest))
    while (mark && mark.end <= this.#seen) mark = anyMark.find(visible, mark.end)
    return mark !== undefined
  }

  #say(heard: Thoughts): Thoughts {
    this.#said.reasoning += heard.reasoning
    this.#said.answer += heard.answer
    return heard
  }

  #held(): number {
    // Prose tells thinking apart only in a text that begins with it.
    const possible = /^\s*here/i.test(this.#text) || this.#text.trim().length < 5 ? marks : tokens
    return heldBack(this.#text.slice(-longest).toLowerCase(), possible)
  }
}

/** Beyond so many marks nothing more is certain before the end. */
const most = 100
const nothing: Thoughts = { reasoning: '', answer: '' }

/** What the total adds to what was said; white space at an end is not there in a total. */
function beyond(said: string, total: string): string {
  if (total.startsWith(said)) return total.slice(said.length)
  return total.startsWith(said.trim()) ? total.slice(said.trim().length) : ''
}
