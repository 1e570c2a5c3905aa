import { type Block, bare, bareBlock, blockOf, closings, openings, silent, strayTags, tools } from './blocks.ts'
import { codeIn } from './code.ts'
import { delimiters, toolCalls, wrappers } from './delimiters.ts'
import { heldBack } from './held-back.ts'
import type { Mark } from './marks.ts'
import { messageParts, type ThoughtfulMessage } from './message.ts'

/** `closed`: a reasoning block ended. `open`: the text was cut off inside one, so there is no answer. `none`: no block. */
export type ThinkState = 'closed' | 'open' | 'none'

export type ThinkContext = {
  /** The chat template has opened the block: the text begins inside it. */
  readonly prefilled?: boolean
  /** Whether the model was asked to think. `on` without any tag means the template opened the block. */
  readonly thinking?: 'on' | 'off'
  readonly finish_reason?: string
  /** Whether tags around the whole answer are taken off, as <answer> is. Default true. */
  readonly unwrap?: boolean
}

export type Thoughts = { readonly reasoning: string; readonly answer: string }
export type SplitThoughts = Thoughts & { readonly state: ThinkState }

/** Splits a whole text, or an assistant message whose reasoning may stand in a field of its own. */
export function splitThinking(input: string | ThoughtfulMessage, context: ThinkContext = {}): SplitThoughts {
  if (typeof input === 'string') return splitText(input, context)
  const { reasoning, content, called } = messageParts(input)
  const split = splitText(content, reasoning ? { ...context, prefilled: false, thinking: 'off' } : context)
  if (!reasoning) return split
  const state = split.answer.trim() === '' && !called ? 'open' : 'closed'
  return { reasoning: [reasoning, split.reasoning].filter(Boolean).join('\n'), answer: split.answer, state }
}

function splitText(text: string, context: ThinkContext): SplitThoughts {
  const whole = text.replace(/^[\s\u200b\ufeff]+/, '').replaceAll(channelHeader, '<|channel|>$1<|message|>')
  const start = beginning(whole, context)
  const blocks: string[] = []
  const said: string[] = []
  let [at, inside, closed, marks] = [start.at, start.inside, false, 0]
  while (at < whole.length || inside) {
    if (inside) {
      const end = endOfBlock(whole, at, inside)
      if (!end) return opened(blocks, whole.slice(at), inside.closes)
      if (!inside.silent) blocks.push(tidied(whole.slice(at, end.at), inside.label))
      closed = true
      at = end.end
      inside = undefined
      continue
    }
    const next = ++marks < most ? nextMark(whole, at, closed) : undefined
    said.push(whole.slice(at, next?.at ?? whole.length))
    if (!next) break
    at = next.end
    if (next.opens) inside = blockOf(next.mark)
    else if (!closed) {
      blocks.push(tidied(said.splice(0).join('')))
      closed = true
    }
  }
  if (!closed) return { reasoning: '', answer: answerOf(said, text, context), state: 'none' }
  if (whole.includes('<|channel|>analysis') && !/<\|channel\|>final/.test(whole))
    return { reasoning: joined(blocks), answer: '', state: 'open' }
  return { reasoning: joined(blocks), answer: answerOf(said, undefined, context), state: 'closed' }
}

/** A text with more tags than this is no text with thinking in it. */
const most = 400

/** A channel may say whom it speaks to, and in which form. */
const channelHeader = /<\|channel\|>(analysis|commentary|final)[^<]{0,100}(?:<\|constrain\|>[^<]{0,40})?<\|message\|>/g

/** Whether the text starts inside a block, because the template or an opening tag says so. */
function beginning(
  whole: string,
  { prefilled, thinking, finish_reason }: ThinkContext,
): { at: number; inside: Block | undefined } {
  const first = openings.find(whole)
  if (first && silent.removed(whole.slice(0, first.at)).trim() === '')
    return { at: first.end, inside: blockOf(first.mark) }
  if (prefilled ?? thinking === 'on') return { at: 0, inside: bareBlock }
  const cut =
    finish_reason === 'length' &&
    whole.length > 2 &&
    delimiters.some(({ open }) => open.startsWith(whole.toLowerCase()))
  return { at: cut ? whole.length : 0, inside: cut ? blockOf('<think>') : undefined }
}

/** Where a block ends: at its last close before another opening, or where a tool is called. */
function endOfBlock(text: string, from: number, { own, nested }: Block): Mark | undefined {
  let end = own.find(text, from)
  const call = tools.find(text, from)
  if (call && (!end || call.at < end.at)) return { ...call, end: call.at }
  if (!end || !nested) return end
  const first = end.end
  const inCode = codeIn(text.slice(first))
  const visible = (at: number) => !inCode(at - first)
  const before = text.slice(0, openings.find(text, first, visible)?.at)
  for (let later: Mark | undefined = end; later; later = own.find(before, later.end, visible)) end = later
  return end
}

/** The next opening outside code that is closed later, or a close that nothing opened. */
function nextMark(text: string, from: number, closed: boolean): (Mark & { opens: boolean }) | undefined {
  const inCode = codeIn(text.slice(from))
  const visible = (at: number) => !inCode(at - from)
  const close = (closed ? closings : bare).find(text, from, visible)
  let tries = 0
  for (let open = openings.find(text, from, visible); open; open = openings.find(text, open.end, visible)) {
    if ((close && close.at < open.at) || ++tries > 50) break
    const { own, leading: prose } = blockOf(open.mark)
    const leading = silent.removed(text.slice(from, open.at)).trim() === '' && (from > 0 || closed)
    if (!prose && (leading || own.find(text, open.end))) return { ...open, opens: true }
  }
  return close && { ...close, opens: false }
}

/** A text cut off inside a block, without the tag that may have been cut in two. */
function opened(blocks: readonly string[], rest: string, closes: readonly string[]): SplitThoughts {
  const cut = heldBack(rest.slice(-40).toLowerCase(), [...closes, ...toolCalls])
  return { reasoning: joined([...blocks, tidied(cut > 1 ? rest.slice(0, -cut) : rest)]), answer: '', state: 'open' }
}

const tidied = (block: string, label?: RegExp) =>
  strayTags
    .trimmed(silent.removed(label ? block.replace(label, '') : block))
    .replaceAll('\u200b', '')
    .trim()

const joined = (blocks: readonly string[]) => blocks.filter(Boolean).join('\n')

/** A text in which nothing was found stays as it is. */
function answerOf(said: readonly string[], untouched: string | undefined, { unwrap = true }: ThinkContext): string {
  const plain = silent.removed(said.join(''))
  const answer = untouched !== undefined && plain === said.join('') ? untouched : plain.trimStart()
  const text = answer.trim()
  if (text === '(no content)') return ''
  if (!unwrap) return answer
  const wrapper = wrappers.find(({ open }) => text.toLowerCase().startsWith(open))
  if (!wrapper) return answer
  const [close = ''] = wrapper.closes
  const inner = text.slice(wrapper.open.length)
  const at = inner.toLowerCase().indexOf(close)
  return (at < 0 ? inner : inner.slice(0, at) + inner.slice(at + close.length)).trimStart()
}
