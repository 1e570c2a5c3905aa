export type Span = { readonly inner: string; readonly from: number; readonly to: number }

/** Maths between delimiters, in order. A pair of dollar signs around prices and words is no maths. */
export function mathSpans(text: string): readonly Span[] {
  const spans: Span[] = []
  const add = (inner: string, from: number, to: number) => {
    if (inner.trim() !== '') spans.push({ inner: inner.trim().replace(/[.,;:]$/, ''), from, to })
  }
  opening.lastIndex = 0
  for (let match = opening.exec(text); match; match = opening.exec(text)) {
    const [mark, from] = [match[0], match.index]
    const close = text.indexOf(closing[mark] ?? '\\end{', from + mark.length)
    if (close < 0 || close - from > longest) continue
    if (mark.startsWith('\\begin')) {
      const to = text.indexOf('}', close) + 1
      add(text.slice(from, to), from, to)
      opening.lastIndex = to
    } else {
      const inner = text.slice(from + mark.length, close)
      if (mark === '$' && (/\n\s*\n/.test(inner) || isMoney(inner, text[close + 1] ?? ''))) continue
      add(inner, from, close + mark.length)
      opening.lastIndex = close + mark.length
    }
  }
  return spans
}

const longest = 1500
const opening = /\\\(|\\\[|\$\$|(?<!\\)\$|\\begin\{(?:[bpvBV]?matrix|array)\}/g
const closing: Readonly<Record<string, string>> = { '\\(': '\\)', '\\[': '\\]', $$: '$$', $: '$' }

/** Between two prices stand words, or a sign that leads to the next amount. */
function isMoney(inner: string, next: string): boolean {
  if (/^\d/.test(inner) && /[\s+*/=x×-]$/.test(inner) && /\d/.test(next)) return true
  const bare = inner.replaceAll(/\\(?:text|mathrm|mbox|operatorname|textbf|begin|end)\s?\{[^}]*\}|\\[a-zA-Z]+/g, ' ')
  return (bare.match(/[A-Za-z]{4,}/g) ?? []).some((word) => !/^(?:sqrt|[A-Z]+)$/.test(word))
}
