/**
 * Words without what does not change their meaning: case, punctuation, spacing, articles, spelling marks. Quoted parts
 * stay as they are.
 */
export function textKey(surface: string, caseSensitive = false): string {
  const words = surface
    .replaceAll(/[‹›$]/g, ' ')
    .replaceAll('"', "'")
    .replaceAll(/\{(\w)\}/g, '$1')
    .replaceAll(/\s+/g, ' ')
    .trim()
  const prose = isProse(words)
  const folded = caseSensitive || !prose ? words : foldedCase(words)
  const bare = prose ? folded.replaceAll(/(?<=^|\s)(?:the|an?)\s+(?=\p{L}{2})/giu, '') : folded
  return bare
    .replaceAll(/\s*([^\p{L}\p{N}\s'])\s*/gu, '$1')
    .replace(prose ? /[.;,:!?]+$/ : /[.;,:]+$/, '')
    .trim()
}

/** Maths is told apart by case, x from X; words of several letters are not. */
const isProse = (words: string) => /\p{L}{2}/u.test(words) && !/[\\^_=<>≤≥]/.test(words)

const foldedCase = (words: string) =>
  words.replaceAll(/'[^']*'|[^']+/g, (part) => (part.startsWith("'") && part.length > 3 ? part : part.toLowerCase()))
