import type { Material } from './extract.ts'

/** The last bold part with a digit in it, if it stands near the end: not a heading, and not a step's number. */
export function bold({ text }: Material): string | undefined {
  const parts = [...text.matchAll(/\*\*([^*\n]{1,120})\*\*/g)]
  const last = parts.filter(([, inner = '']) => /\d/.test(inner) && !heading.test(inner)).at(-1)
  if (!last || text.length - last.index - last[0].length > 200) return undefined
  const after = text.slice(last.index + last[0].length)
  const value = last[1]!.replace(/[.:]$/, '').trim()
  return /\d[^=]*$/.test(after.replaceAll(/\d+[).]\s/g, '')) && /\d/.test(after) ? undefined : value
}

/** What leads to something else: a step, or its number. */
export const heading = /^(?:(?:step|part|case)\b|\d+[.)](?!\d))|:$/i
