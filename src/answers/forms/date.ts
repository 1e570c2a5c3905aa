import type { Value } from './value.ts'

/** Calendar dates, with or without a year, in one form. 03/05/2024 may be two dates: it equals only itself. */
export function readDate(surface: string): Value | undefined {
  if (surface.length > 40 || !/\d/.test(surface)) return undefined
  const text = surface
    .replaceAll(/[‹›]/g, '')
    .replace(/^(?:on\s+)?(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,?\s+)?/i, '')
  for (const [pattern, order] of patterns) {
    const match = pattern.exec(text)
    if (!match) continue
    const part = (name: string) => match[order.indexOf(name) + 1]
    const month = monthOf(part('m'))
    const day = Number(part('d'))
    if (!month || day < 1 || day > 31) continue
    const date = `${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
    return { kind: 'text', key: `date ${part('y') ?? '*'}-${date}` }
  }
  const numeric = /^(\d{1,2})[/-](\d{1,2})[/-](\d{4}|\d{2})$/.exec(text)
  return numeric ? { kind: 'text', key: `date ${numeric.slice(1).map(Number).join('/')}` } : undefined
}

/** Patterns with the order of their groups: year, month, day. */
const patterns: readonly (readonly [RegExp, string])[] = [
  [/^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$/, 'ymd'],
  [/^(\d{4})年(\d{1,2})月(\d{1,2})日?$/, 'ymd'],
  [/^([a-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?(?:,?\s+(\d{4}))?$/i, 'mdy'],
  [/^(?:the\s+)?(\d{1,2})(?:st|nd|rd|th)?\.?(?:\s+of)?\s+([a-z]{3,9})\.?(?:,?\s+(\d{4}))?$/i, 'dmy'],
  [/^(\d{1,2})\.(\d{1,2})\.(\d{4})$/, 'dmy'],
]

const months = 'january february march april may june july august september october november december'.split(' ')

function monthOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (/^\d+$/.test(text)) return Number(text) >= 1 && Number(text) <= 12 ? Number(text) : undefined
  const name = text.toLowerCase()
  const at = months.findIndex(
    (month) => month === name || month.slice(0, 3) === name || (name === 'sept' && month === 'september'),
  )
  return at < 0 ? undefined : at + 1
}
