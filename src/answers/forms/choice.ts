import type { Value } from './value.ts'

/** An option by its letter, with its text if that is given: C, (C), C., **C) 42**, Option C, C: because. */
export function readChoice(surface: string): Value | undefined {
  const text = surface.replaceAll(/[‹›]/g, ' ').trim()
  for (const pattern of patterns) {
    const match = pattern.exec(text)
    if (match) return { kind: 'choice', letter: match[1]!.toUpperCase(), rest: (match[2] ?? '').trim() }
  }
  return undefined
}

/** A letter without any mark of an option needs a capitalised text behind it, and is not the article. */
const patterns: readonly RegExp[] = [
  /^([A-Z])$/,
  /^\(\s?([A-Ja-j])\s?\)[.:]?(?:\s+(.+))?$/s,
  /^(?:option|choice|answer)\s+\(?([A-Ja-j])\)?(?:[.):]\s*(.+))?$/is,
  /^([A-J])\s?[.):]\s*(.*)$/s,
  /^([B-HJ])\s+([A-Z].+)$/s,
]
