import { openings } from './blocks.ts'
import { bareCloses, delimiters, silentTokens, toolCalls, wrappers } from './delimiters.ts'
import { heldBack } from './held-back.ts'
import { Marks } from './marks.ts'
import { type SplitThoughts, splitThinking, type ThinkContext, type Thoughts } from './split.ts'

const marks = [...delimiters, ...wrappers]
  .flatMap(({ open, closes }) => [open, ...closes])
  .concat(bareCloses, silentTokens, toolCalls)
const tokens = marks.filter((mark) => !mark.startsWith('here'))
const anyMark = new Marks(marks)
const longest = Math.max(...marks.map((mark) => mark.length))

/**
 * Splits a stream into reasoning and answer as it comes, holding back only what may turn out to be part of a tag. The
 * totals at the end are those of the whole text: a close that nothing opened turns what was said into reasoning. Of a
 * text without tags no more is looked at than its last few characters, however long it becomes.
 */
export class ThinkSplitter {
  readonly #context: ThinkContext
  readonly #said = { reasoning: '', answer: '' }
  #text = ''
  /** The end of what was let go, where a tag may have begun, and what is held back behind it. */
  #near = ''
  #held = ''
  #begun = false
  /** Prose tells thinking apart only in a text that begins with it. */
  #prose = true
  #inside = false
  /** An opening within the answer is thinking only if it closes, so nothing behind it is certain yet. */
  #waiting = false
  #read = 0

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
    if (!this.#begun && !/\S/.test(this.#held + delta)) return nothing
    const open = this.#held + delta
    if (!this.#begun) this.#prose = /^\s*(?:$|h$|he$|her$|here)/i.test(open)
    const tagged = this.#prose || tagStart.test(open)
    const held = tagged ? heldBack(open.slice(-longest).toLowerCase(), this.#prose ? marks : tokens) : 0
    const fresh = open.slice(0, open.length - held)
    this.#held = open.slice(fresh.length)
    if (fresh === '') return nothing
    const text = this.#near + fresh
    const marked = !this.#begun || ((tagged || tagStart.test(text)) && isMarked(text, this.#near.length))
    this.#begun = true
    this.#near = text.slice(-longest)
    if (marked) this.#read += this.#text.length
    if (this.#read > most) return nothing
    if (marked) return this.#split(this.#text.slice(0, this.#text.length - held))
    if (this.#waiting) return nothing
    if (this.#inside) return this.#say(fresh, '')
    return this.#say('', this.#said.answer === '' ? fresh.trimStart() : fresh)
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
    const space = this.#inside && reasoning ? visible.slice(visible.trimEnd().length) : ''
    return this.#say(
      beyond(this.#said.reasoning, reasoning + space),
      beyond(this.#said.answer, answer.slice(0, open?.at)),
    )
  }

  #say(reasoning: string, answer: string): Thoughts {
    this.#said.reasoning += reasoning
    this.#said.answer += answer
    return { reasoning, answer }
  }
}

/** Once tags made so many characters be read again, nothing more is certain before the end. */
const most = 4_000_000
const nothing: Thoughts = { reasoning: '', answer: '' }

/** What every tag begins with. */
const tagStart = /[<[◁&]/

/** Whether a mark ends beyond what was seen before. */
function isMarked(text: string, seen: number): boolean {
  let mark = anyMark.find(text)
  while (mark && mark.end <= seen) mark = anyMark.find(text, mark.end)
  return mark !== undefined
}

/** What the total adds to what was said; white space at an end is not there in a total. */
function beyond(said: string, total: string): string {
  if (total.startsWith(said)) return total.slice(said.length)
  return total.startsWith(said.trim()) ? total.slice(said.trim().length) : ''
}
