import type { Value } from './value.ts'

const months = 'january february march april may june july august september october november december'.split(' ')

/** Calendar dates, with or without a year, in one form. 03/05/2024 may be two dates: it equals only itself. */
export function readDate(surface: string): Value | undefined {
  if (surface.length > 40 || !/^[^\\{}()=^+*]*\d[^\\{}()=^+*]*$/.test(surface)) return undefined
  const text = surface
    .toLowerCase()
    .replaceAll(/[‹›,]|^on |^[a-z]+day\b,?|\b(?:the|of)\b|(?<=\d)(?:st|nd|rd|th)\b/g, ' ')
    .replace(/\b[a-z]{3,9}\b\.?/, monthNumber)
    .trim()
  const slashed = /^(\d{1,2})([/-])(\d{1,2})\2(\d{4}|\d{2})$/.exec(text)
  if (slashed) return { kind: 'text', key: `date ${slashed.slice(1).map(Number).join('/')}` }
  for (const [pattern, order] of patterns) {
    const match = pattern.exec(text)
    const part = (name: string) => match?.[order.indexOf(name) + 1]
    const [month, day] = [Number(part('m')), Number(part('d'))]
    if (month >= 1 && month <= 12 && day >= 1 && day <= 31)
      return { kind: 'text', key: `date ${part('y') ?? '*'}-${month}-${day}` }
  }
  return undefined
}

/** Patterns with the order of their groups: year, month, day; a month that was a word stands in brackets. */
const patterns: readonly (readonly [RegExp, string])[] = [
  [/^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$/, 'ymd'],
  [/^\[(\d+)\] *(\d{1,2})(?: +(\d{4}))?$/, 'mdy'],
  [/^(\d{1,2})\.? *\[(\d+)\](?: *(\d{4}))?$/, 'dmy'],
  [/^(\d{1,2})\.(\d{1,2})\.(\d{4})$/, 'dmy'],
]

function monthNumber(word: string): string {
  const name = word.replace('.', '').replace(/^sept$/, 'sep')
  const at = months.findIndex((month) => month === name || month.slice(0, 3) === name)
  return at < 0 ? word : `[${at + 1}]`
}
