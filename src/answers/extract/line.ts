import type { Material } from './extract.ts'
import { valueIn } from './value.ts'

/** Yes or no at the end of a short text. */
export function shortWord({ text }: Material): string | undefined {
  if (text.length > 200) return undefined
  return (
    /(?:^|[\s,:*])(yes|no|true|false)[\s.!*]*$/i.exec(text)?.[1] ??
    /^\W{0,3}(yes|no|true|false)\b[.,!]/i.exec(text)?.[1]
  )
}

/** The whole last line, if it is short enough to be an answer. */
export function lastLine({ text }: Material): string | undefined {
  const line = text
    .split('\n')
    .findLast((line) => /[\p{L}\p{N}]/u.test(line))
    ?.trim()
    .replace(/^(?:[-*•>]|#+)\s+/, '')
  if (!line || line.length > 80) return undefined
  const value = line === text.trim() && /\s(?:is|are|was|were)\s/.test(line) ? valueIn(line) : undefined
  return value && value.length <= 40 ? value : line
}
