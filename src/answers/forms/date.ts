import type { Value } from './value.ts'

const months = 'january february march april may june july august september october november december'.split(' ')

/** Calendar dates, with or without a year, in one form. 03/05/2024 may be two dates: it equals only itself. */
export function readDate(surface: string): Value | undefined {
  if (surface.length > 40 || !/^[^\\^=(]*\d[^\\^=(]*$/.test(surface)) return undefined
  const text = surface
    .toLowerCase()
    .replaceAll(/[‹›,]|^on |^[a-z]+day\b,?|\b(?:the|of)\b|(?<=\d)(?:st|nd|rd|th)\b/g, ' ')
    .replace(/\b[a-z]{3,9}\b\.?/, monthNumber)
    .trim()
  const slashed = /^(\d\d?)([/-])(\d\d?)\2(\d{4}|\d\d)$/.exec(text)
  if (slashed) return { kind: 'text', key: `date ${slashed.slice(1).map(Number).join('/')}` }
  for (const pattern of patterns) {
    const { y = '*', m, d } = pattern.exec(text)?.groups ?? {}
    const [month, day] = [Number(m), Number(d)]
    if (month >= 1 && month <= 12 && day >= 1 && day <= 31) return { kind: 'text', key: `date ${y}-${month}-${day}` }
  }
  return undefined
}

/** Year, month and day; a month that was a word stands in brackets. */
const patterns: readonly RegExp[] = [
  /^(?<y>\d{4})[-/.年](?<m>\d\d?)[-/.月](?<d>\d\d?)日?$/,
  /^\[(?<m>\d+)\] *(?<d>\d\d?)(?: +(?<y>\d{4}))?$/,
  /^(?<d>\d\d?)\.? *\[(?<m>\d+)\](?: *(?<y>\d{4}))?$/,
  /^(?<d>\d\d?)\.(?<m>\d\d?)\.(?<y>\d{4})$/,
]

function monthNumber(word: string): string {
  const name = word.replace('.', '').replace(/^sept$/, 'sep')
  const at = months.findIndex((month) => month === name || month.slice(0, 3) === name)
  return at < 0 ? word : `[${at + 1}]`
}
