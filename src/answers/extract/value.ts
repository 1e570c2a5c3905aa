import { boxesIn } from './boxed.ts'
import { isWords } from './languages.ts'
import { lastNumber } from './number.ts'
import { mathSpans } from './spans.ts'

/** What a phrase announces: from the rest of its sentence, the value in it. */
export function valueIn(rest: string): string | undefined {
  const box = boxesIn(rest)[0]
  if (box) return box.inner
  const sentence = firstSentence(rest).trim()
  const strong = [...sentence.matchAll(/\*\*([^*]+)\*\*/g)].map(([, inner]) => inner!.trim())
  const loud = strong.findLast((inner) => /[\p{L}\p{N}]/u.test(inner) && !inner.endsWith(':'))
  if (loud) return valueIn(loud) ?? loud
  const text = sentence
    .replaceAll(/\*\*|__|`/g, '')
    .replace(/^[\s:：=,-]+(?!\d)/, '')
    .trim()
  const spans = mathSpans(text)
  if (spans.length > 0) return fromSpans(text, spans)
  return fromWords(text)
}

/** The maths of a sentence: its only span, spans that are listed, or the last one, or a number that comes later. */
function fromSpans(text: string, spans: ReturnType<typeof mathSpans>): string {
  const [first, last] = [spans[0]!, spans.at(-1)!]
  const between = spans.slice(1).map((span, at) => text.slice(spans[at]!.to, span.from))
  const listed = between.every((gap) => /^\s*(?:,|and|or|,\s*and|,\s*or|和|或)?\s*$/.test(gap))
  const behind = text.slice(last.to)
  const number = lastNumber(behind)
  if (number && /\b(?:is|are|equals|was|be)\b|=|是|为/.test(behind.slice(0, number.from)))
    return fromWords(behind) ?? last.inner
  const unit = /^\s*(?:\\?%|percent|degrees?|(?:square |cubic )?[a-z]+\.?$)/i.exec(behind)?.[0] ?? ''
  return listed && spans.length > 1 ? text.slice(first.from, last.to) : reduceChain(last.inner) + unit
}

/** Words without maths: what follows the last `is` or `=`, or all if it is short, or the last number. */
function fromWords(text: string): string | undefined {
  const bare = text.replace(aside, '').replace(/[\s.。!]+$/, '')
  const [, tail = ''] = behindIs.exec(bare) ?? []
  if (tail.trim() && tail.length <= 80 && !/^(?:not|a|an)\s/i.test(tail.trim())) return fromWords(tail) ?? tail
  if (isValue(bare)) return reduceChain(unwrapped(bare))
  return onlyAmount(bare) ?? lastNumber(bare)?.text ?? (bare.length <= 120 ? bare || undefined : undefined)
}

const behindIs = new RegExp(String.raw`^(?:.*\s(?:be|equals?|${isWords})\s|.*(?:是|为|等于))(.*)$`, 's')

/** What is added after a value: why it is so, what it is not, how else it can be written. */
const aside =
  /(?<=[\p{L}\p{N}%])(?:\s*\((?:since|because|or|i\.e|as|which|approx|about|not)\b[^()]*\)|,?\s+(?:and |but )?not\s.*|,?\s+(?:since|because|which)\s.*)\s*\.?$/su

/** The one amount of money among other numbers. */
function onlyAmount(text: string): string | undefined {
  const amounts = text.match(/[$€£]\s?\d[\d,]*(?:\.\d+)?|\d[\d,]*(?:\.\d+)?\s?[$€£]/g) ?? []
  return amounts.length === 1 ? amounts[0] : undefined
}

/** Short enough to be a value as it stands: a few words, or an expression without prose in it. */
function isValue(text: string): boolean {
  const words = text.match(/\p{L}{2,}/gu) ?? []
  return text.length <= 120 && (words.length <= 4 || !/\d/.test(text))
}

/** (35 + 70 = 105): a calculation in parentheses is what it comes to. */
const unwrapped = (text: string) => (/^\([^()]*=[^()]*\)$/.test(text) ? text.slice(1, -1) : text)

/** `x = 5 + 6 = 11` and `5 + 6 = 11` come to 11; a single equation stays whole. */
export function reduceChain(text: string): string {
  const parts = text.split(/(?<![<>!\\])=(?!=)/)
  if (
    parts.length < 2 ||
    /\\begin|[<>≤≥]|\\[lg]e/.test(text) ||
    /,|;|\band\b|\bor\b/.test(text.replaceAll(/\([^()]*\)|\{[^{}]*\}/g, ''))
  )
    return text
  const constant = !/[a-zA-Z]/.test(parts[0]!.replaceAll(/\\[a-zA-Z]+|\{|\}/g, ''))
  return parts.length > 2 || constant ? parts.at(-1)! : text
}

/** Up to the stop that ends it, which is neither a decimal point nor within maths. */
function firstSentence(text: string): string {
  const start = text.slice(0, 2000)
  const spans = mathSpans(start)
  for (const { index, 0: stop } of start.matchAll(/\n|[。！]|[.!](?![\d\p{L}.])/gu)) {
    if (spans.some(({ from, to }) => index > from && index < to)) continue
    if (stop !== '.' || !abbreviation.test(start.slice(Math.max(0, index - 7), index + 1))) return start.slice(0, index)
  }
  return start
}

const abbreviation = /\b(?:M[rs]s?|Dr|St|vs|approx|e\.g|i\.e|No|[ap]\.m|sq)\.$/
