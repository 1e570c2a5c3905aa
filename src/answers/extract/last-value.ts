import type { Material } from './extract.ts'
import { lastNumber } from './number.ts'
import { mathSpans, type Span } from './spans.ts'
import { reduceChain } from './value.ts'

/** The last maths in the text, or the last number if that comes later. */
export function lastValue({ text: whole }: Material): string | undefined {
  const cut = whole.search(afterthought)
  const text = cut > 0 && /\d/.test(whole.slice(0, cut)) ? whole.slice(0, cut) : whole
  const spans = mathSpans(text).filter(({ inner }) => !/^\s*(?:[A-Za-z]\s*$|\^)/.test(inner))
  const span = joinedTail(text, spans)
  const number = lastNumber(text)
  const exact = span && (!number || span.to >= number.to || approximation.test(text.slice(span.to, number.from)))
  if (exact) return reduceChain(span.inner + unitBehind(text, span.to))
  if (span && number && number.from < span.to) return reduceChain(span.inner)
  return number && /\p{L}/u.test(text) ? number.text : undefined
}

/** How a value came about, or that it is right. */
const afterthought =
  /,?\s+(?:which is )?(?:attained|achieved|reached)\s[^.\n]*\.?\s*$|(?:^|\s)\**(?:check|verification|to verify)\b\**\s*:/i
const approximation = /(?:approximately|approx\.|about|roughly|≈|~)\s*\$?$/i

/** The last span, with those that are listed right before it. */
function joinedTail(text: string, spans: readonly Span[]): Span | undefined {
  let last = spans.at(-1)
  for (const span of spans.slice(0, -1).toReversed()) {
    if (!last || !/^\s*(?:,|and|or|,\s*and|,\s*or|和|或)\s*$/.test(text.slice(span.to, last.from))) break
    last = { inner: `${span.inner}, ${last.inner}`, from: span.from, to: last.to }
  }
  return last
}

const unitBehind = (text: string, at: number) => /^\s*(?:\\?%|percent)/.exec(text.slice(at, at + 12))?.[0] ?? ''
