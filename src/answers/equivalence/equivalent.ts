import { readingOf } from '../forms/read.ts'
import { surfaceOf } from '../forms/surface.ts'
import { textKey } from '../forms/text.ts'
import type { Value } from '../forms/value.ts'
import { sameByChoice } from './choices.ts'
import { sameValue } from './compare.ts'
import type { Policy } from './policy.ts'

/** The rungs of the ladder, from the cheapest: each decides what those before it could not. */
export type Rung = 'abstain' | 'exact' | 'normalised' | 'value' | 'choice' | 'different'

/** Whether two answers say the same. Symmetric; never throws; false where in doubt. */
export const equivalent = (a: string | null, b: string | null, policy: Policy = {}): boolean => {
  const rung = rungOf(a, b, policy)
  return rung !== 'different' && rung !== 'abstain'
}

/** By which rung two answers are equal; `different` if by none, `abstain` if one of them says nothing. */
export function rungOf(a: string | null, b: string | null, policy: Policy = {}): Rung {
  if (a === null || b === null || a.trim() === '' || b.trim() === '') return 'abstain'
  if (a.trim() === b.trim()) return 'exact'
  if (sameText(a, b, policy)) return 'normalised'
  const [left, right] = [readingOf(a).values, readingOf(b).values]
  if (left.some((x) => right.some((y) => sameValue(x, y, policy) && allowed(x, y, policy)))) return 'value'
  return policy.choices && sameByChoice(a, b, policy.choices, (x, y) => equivalent(x, y)) ? 'choice' : 'different'
}

function sameText(a: string, b: string, { caseSensitiveText }: Policy): boolean {
  if (caseSensitiveText) return textKey(surfaceOf(a), true) === textKey(surfaceOf(b), true)
  return readingOf(a).key === readingOf(b).key && readingOf(a).key !== ''
}

/** Words that differ by case alone are equal as values, too. */
const allowed = (x: Value, y: Value, { caseSensitiveText }: Policy) =>
  !(caseSensitiveText && x.kind === 'text' && y.kind === 'text')
