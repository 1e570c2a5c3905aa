export type Found = { readonly text: string; readonly from: number; readonly to: number }

/** The last numeral with its sign, currency, percent sign or the unit glued to it; list markers do not count. */
export function lastNumber(text: string): Found | undefined {
  let found: Found | undefined
  for (const match of text.slice(-4000).matchAll(numeral)) {
    const from = Math.max(0, text.length - 4000) + match.index
    const before = text.slice(Math.max(0, from - 12), from)
    if (/(?:^|\n)\s*$/.test(before) && /^\d+[.)]\s/.test(text.slice(from, from + 5))) continue
    if (/[\p{L}_\\]$/u.test(before) && !/\p{Lo}$/u.test(before)) continue
    found = { text: match[0].trim(), from, to: from + match[0].length }
  }
  return found
}

const numeral =
  /(?:[$€£¥]\s?|(?<![\w)\]}]\s?)[-−]\s?[$€£]?)?(?:\d{1,2}(?::\d+)+(?:\s?[ap]\.?m\b)?|\d{1,3}(?:\.\d{3})+,\d+|\d{1,3}(?:,\d{3})+|\d+(?:,\d+)?|(?=\.\d))(?:\.\d+)?(?:\s?\/\s?\d+(?!\d*\/))?(?:\s?\\?%|\s?[€£$]|\s?°|\s?\p{Lo}{1,4})?/giu
