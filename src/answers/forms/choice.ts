import type { Value } from './value.ts'

/** An option by its letter, with its text if that is given: C, (C), C., **C) 42**, Option C, C: because. */
export function readChoice(surface: string): readonly (Value & { kind: 'choice' })[] {
  const text = surface.replaceAll(/[‹›]/g, ' ').trim()
  const [, letter, rest = ''] = patterns.map((pattern) => pattern.exec(text)).find((match) => match) ?? []
  return letter ? [{ kind: 'choice', letter: letter.toUpperCase(), rest: rest.trim() }] : []
}

/** A letter without any mark of an option needs a capitalised text behind it, and is not the article. */
const patterns: readonly RegExp[] = [
  /^([A-Z])$/,
  /^\(\s?([A-Ja-j])\s?\)[.:]?(?:\s+(.+))?$/s,
  /^(?:option|choice|answer)\s+\(?([A-Ja-j])\)?(?:[.):]\s*(.+))?$/is,
  /^([A-J])\s?[.):]\s*(.*)$/s,
  /^([B-HJ])\s+([A-Z].+)$/s,
]
