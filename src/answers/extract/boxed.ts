import { closingBrace } from '../forms/braces.ts'
import type { Material } from './extract.ts'

export type Box = { readonly inner: string; readonly from: number; readonly to: number }

/** The last box; boxes that are listed right before it belong to it. One that is empty or never closes is no box. */
export function boxed({ text }: Material): string | undefined {
  const boxes = boxesIn(text)
  const last = boxes.at(-1)
  if (!last) return undefined
  const joined = [last]
  for (let at = boxes.length - 2; at >= 0 && listed(text.slice(boxes[at]!.to, joined[0]!.from)); at--)
    joined.unshift(boxes[at]!)
  return [...new Set(joined.map(({ inner }) => inner.trim()))].join(', ')
}

export function boxesIn(text: string): readonly Box[] {
  const boxes: Box[] = []
  for (const match of text.matchAll(/\\(?:boxed|fbox)\s*/g)) {
    const from = match.index
    if (from < (boxes.at(-1)?.to ?? 0)) continue
    const open = from + match[0].length
    const to =
      text[open] === '{'
        ? (closingBrace(text, open) ?? open)
        : open + (/^[-+]?[\w.]+/.exec(text.slice(open, open + 40))?.[0].length ?? 0)
    const inner = text[open] === '{' ? text.slice(open + 1, to - 1) : text.slice(open, to)
    if (to > open && inner.trim()) boxes.push({ inner, from, to })
  }
  return boxes
}

/** Between boxes of one list stand only a separator and perhaps the next one's name. */
const listed = (gap: string): boolean =>
  /^[\s,;.]*(?:and|or|&|und|et|y|和|,)?\s*(?:[a-z]\w{0,3}(?:_\{?\w+\}?)?\s*=)?\s*$/i.test(
    gap.replaceAll(/\\[()[\]]|\$|\\(?:text|quad|qquad|mbox)\b|\\[,;: ]|[{}]/g, ' '),
  ) && gap.length < 60
