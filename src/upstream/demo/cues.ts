import type { Operator } from './tree.ts'

const stem = (words: string) => new RegExp(`\\b(?:${words})`, 'i')

const shared = stem('shar|divid|split|among|equally|into\\b')
const taken = stem(
  'g[ia]v|los[et]|eat|ate\\b|s[eo]l[ld]|spen[dt]|used?\\b|cut|remov|t(?:ak|ook)|br[eo]k|die|pa(?:y|id)|donat|thr[eo]w|drop|lea?(?:ve|nt|ss)|off\\b|away|fewer|fell|rotten',
)
const added = stem(
  'buy|bought|g[eo]t|f(?:i|ou)nd|add|receiv|gain|pick|earn|plant|arriv|join|more|another|collect|ma[kd]e|w[io]n|ha[sdv]|cost|return',
)
const each = stem('(?:each|every|apiece|per|an? (?:hour|day|week|month|year))\\b')
const amount = stem('how (?:many|much|far|long|old|tall|fast)|total|altogether|in all|left\\b|remain|difference')
const edge = /[.;,!?](?=\s|$)|\b(?:and|then|but|while|if)\b/i
const stop = /[.;!?](?=\s|$)/

/** What a word problem asks for, or null if it asks for no amount. */
export const asking = (text: string) => {
  const asked = text.split(/(?<=[.;!?])\s+|\n/).findLast((sentence) => amount.test(sentence))
  if (asked === undefined && text.includes('?')) return null
  return {
    asked: asked ?? '',
    together: stem('total|altogether|in all|both|together').test(asked ?? ''),
    compared: stem('how (?:many|much|far|old) (?:more|fewer|less|[a-z]+er\\b)|difference').test(asked ?? ''),
  }
}

/** What a number does to the amount so far. `again` repeats the last addition or subtraction. */
export type Effect = Operator | 'again' | `than ${Operator}`

/**
 * Decides what a number, not the first one, does to the amount so far.
 *
 * @param gap everything since the number before this one
 * @param rest everything after this number
 * @param question what the problem asks for
 * @param rate whether the number before this one was for each of something not yet counted
 * @returns the effect, null where no cue decides it; the words that tell; whether this number is for each of something
 */
export const cue = (gap: string, rest: string, question: NonNullable<ReturnType<typeof asking>>, rate: boolean) => {
  const before = gap.split(edge).at(-1)!
  const after = rest.split(/\d/)[0]!.split(edge)[0]!
  const near = `${before}_${after}`
  const perUnit = each.test(near)
  const unit = near.match(/\b(?:each|every|per|an?) ([a-z]+)/i)?.[1]
  const relation = after.match(/^ (?:[a-z]+ )?(?:(times) (?:as|more)|(more)|fewer|less) /i)
  const verb = taken.test(before) || added.test(before)
  const decide = (): Effect | null => {
    if (after.startsWith('%')) return null
    if (relation?.[1] || / than\b/.test(after)) return `than ${relation?.[1] ? '*' : relation?.[2] ? '+' : '-'}`
    if (shared.test(before) || (perUnit && stem(`how (?:many ${unit}|long)`).test(question.asked))) return '/'
    // "5 boxes of 12" multiplies; "5 pens and a box of 12" does not.
    if (/\b(?:of|with|at|by|contain\w*|holds?) *$/i.test(before) && !/\ban? \w+ (?:of|with) *$/i.test(gap)) return '*'
    if (each.test(before) && !taken.test(before)) return '*'
    if (each.test(after) && !(verb && /\d/.test(rest.split(stop)[0]!))) return '*'
    if (taken.test(near) && !/g[ia]ves? (?:him|her|them)/i.test(before)) return '-'
    if (rate && !each.test(after) && !/costs? *$/i.test(before)) return '*'
    if (question.compared) return '-'
    if (verb || added.test(after) || question.together) return '+'
    return edge.test(gap) && !stop.test(gap) ? 'again' : null
  }
  return {
    effect: decide(),
    before,
    after: after.match(/^\s*[a-z]*/i)![0],
    perUnit: perUnit || /\bcosts?\b/i.test(before),
  }
}
