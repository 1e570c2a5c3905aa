import { bareCloses, delimiters, silentTokens, toolCalls, wrappers } from './delimiters.ts'
import { heldBack } from './held-back.ts'
import { type Mark, Marks } from './marks.ts'
import { type SplitThoughts, splitThinking, type ThinkContext, type Thoughts } from './split.ts'

const tagged = delimiters.filter(({ leading }) => !leading)
const openings = new Marks(delimiters.map(({ open }) => open))
const later = new Marks(tagged.map(({ open }) => open))
const bare = new Marks(bareCloses)
const outside = new Marks([...silentTokens, ...wrappers.flatMap(({ open, close }) => [open, close])])
const marksAtStart = [...delimiters.map(({ open }) => open), ...silentTokens, ...wrappers.map(({ open }) => open)]
const marksInAnswer = [
  ...tagged.map(({ open }) => open),
  ...bareCloses,
  ...silentTokens,
  ...wrappers.map(({ close }) => close),
]
const longest = 40

/**
 * Splits a stream into reasoning and answer as it comes, holding back only what may turn out to be part of a tag. The
 * totals at the end are those of the whole text: a close that nothing opened turns what was said into reasoning.
 */
export class ThinkSplitter {
  readonly #context: ThinkContext
  #text = ''
  #pending = ''
  #state: 'start' | 'thinking' | 'answer'
  #closes: readonly string[] = bareCloses
  #silent = false
  #blank = true
  #wrapped = false
  #closed = false
  #unopened = false

  constructor(context: ThinkContext = {}) {
    this.#context = context
    this.#state = 'start'
  }

  /** Whether a block ended that nothing in the text had opened. */
  get unopened(): boolean {
    return this.#unopened
  }

  /** What became certain with this piece of text. */
  push(delta: string): Thoughts {
    this.#text += delta
    this.#pending += delta
    const heard = { reasoning: '', answer: '' }
    while (this.#advance(heard));
    return heard
  }

  /** The totals. A block that never closed leaves no answer. */
  end(): SplitThoughts {
    return splitThinking(this.#text, this.#context)
  }

  /** Takes one step through what is pending; false when more text is needed. */
  #advance(heard: { reasoning: string; answer: string }): boolean {
    if (this.#state === 'start') return this.#begin()
    if (this.#state === 'thinking') return this.#think(heard)
    return this.#speak(heard)
  }

  /** The first words tell whether the text opens a block, is inside one already, or is the answer. */
  #begin(): boolean {
    const text = this.#pending.replace(/^[\s\u200b\ufeff]+/, '')
    if (text === '' || couldBe(text, marksAtStart)) return false
    const open = openings.find(text)
    if (open && open.at === 0) return this.#enter(open, text)
    const token = outside.find(text)
    if (token?.at === 0 && silentTokens.includes(token.mark)) this.#pending = text.slice(token.end)
    else this.#state = (this.#context.prefilled ?? this.#context.thinking === 'on') ? 'thinking' : 'answer'
    return true
  }

  #enter(open: Mark, text: string): boolean {
    const found = delimiters.filter((delimiter) => delimiter.open === open.mark)
    this.#closes = found.map(({ close }) => close)
    this.#silent = found[0]?.silent === true
    this.#pending = text.slice(open.end)
    this.#state = 'thinking'
    return true
  }

  #think(heard: { reasoning: string; answer: string }): boolean {
    const marks = new Marks([...this.#closes, ...toolCalls])
    const end = marks.find(this.#pending)
    const certain = end ? this.#pending.slice(0, end.at) : this.#take([...this.#closes, ...toolCalls])
    if (!this.#silent) heard.reasoning += certain
    if (!end) return false
    this.#pending = this.#pending.slice(toolCalls.includes(end.mark) ? end.at : end.end)
    this.#closed = this.#blank = true
    this.#state = 'answer'
    return true
  }

  /** White space after a block is not part of the answer; another block may follow, and wrappers are taken off. */
  #speak(heard: { reasoning: string; answer: string }): boolean {
    if (this.#blank) {
      const text = this.#closed || this.#wrapped ? this.#pending.trimStart() : this.#pending
      if (text.trim() === '' || couldBe(text.trimStart(), marksAtStart)) return false
      const token = outside.find(text)
      if (token && text.slice(0, token.at).trim() === '' && this.#isDropped(token.mark)) {
        this.#wrapped ||= wrappers.some(({ open }) => open === token.mark)
        this.#pending = text.slice(token.end)
        return true
      }
      const open = this.#closed ? later.find(text) : undefined
      if (open?.at === 0) return this.#enter(open, text)
      this.#pending = text
      this.#blank = false
    }
    const close = this.#closed ? undefined : bare.find(this.#pending)
    const open = later.find(this.#pending)
    const token = outside.find(this.#pending, 0, (at) => this.#isDropped(outside.find(this.#pending, at)?.mark ?? ''))
    const [first] = [close, open, token].filter((mark) => mark !== undefined).sort((a, b) => a.at - b.at)
    if (!first) {
      heard.answer += this.#take(marksInAnswer)
      return false
    }
    if (first === open) return this.#maybe(open, heard)
    heard.answer += first === close ? '' : this.#pending.slice(0, first.at)
    if (first === close) this.#closed = this.#unopened = this.#blank = true
    this.#pending = this.#pending.slice(first.end)
    return true
  }

  /** An opening in the middle of the answer is thinking only if it closes, so it is held back until then. */
  #maybe(open: Mark, heard: { reasoning: string; answer: string }): boolean {
    heard.answer += this.#pending.slice(0, open.at)
    this.#pending = this.#pending.slice(open.at)
    const { closes } = {
      closes: delimiters.filter((delimiter) => delimiter.open === open.mark).map(({ close }) => close),
    }
    if (!new Marks(closes).find(this.#pending, open.end - open.at)) return false
    return this.#enter({ ...open, end: open.end - open.at }, this.#pending)
  }

  #isDropped(mark: string): boolean {
    if (silentTokens.includes(mark)) return true
    if (this.#context.unwrap === false) return false
    const closing = wrappers.some(({ close }) => close === mark)
    return closing ? this.#wrapped : this.#blank && wrappers.some(({ open }) => open === mark)
  }

  /** All that is pending but an end that may be the beginning of a mark. */
  #take(marks: readonly string[]): string {
    const held = heldBack(this.#pending.slice(-longest).toLowerCase(), marks)
    const text = this.#pending.slice(0, this.#pending.length - held)
    this.#pending = this.#pending.slice(this.#pending.length - held)
    return text
  }
}

const couldBe = (text: string, marks: readonly string[]) => {
  const lower = text.toLowerCase()
  return marks.some((mark) => mark.length > lower.length && mark.startsWith(lower))
}
