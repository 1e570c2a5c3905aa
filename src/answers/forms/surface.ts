import { closingBrace } from './braces.ts'
import { characters, commands, faceCommands, textCommands } from './commands.ts'
import { inAsciiDigits } from './digits.ts'

/**
 * An answer without the ways of writing it: no maths delimiters, spacing, faces or boxes, one character for each sign,
 * and words in ‹…›. It is what every later reading starts from.
 */
export function surfaceOf(answer: string): string {
  let text = answer.replaceAll(invisible, '').replaceAll(spaces, ' ')
  if (!text.includes('\\begin')) text = text.replaceAll(/\\\\(?=[a-zA-Z{}()[\]])/g, '\\')
  for (const [pattern, becomes] of grouping) text = text.replaceAll(pattern, becomes)
  text = inPlainCharacters(text)
  text = withoutMarkup(text)
  text = withoutCommands(text)
  for (const [pattern, becomes] of finishing) text = text.replaceAll(pattern, becomes)
  return text.replaceAll(/\s+/g, ' ').trim()
}

const invisible = /[\u200b-\u200f\u2060-\u2064\ufeff\u00ad]/g
const spaces = /<\|[^|<>]{1,40}\|>|<\/?s>|\\q?quad/g

function inPlainCharacters(text: string): string {
  if (/^[\x20-\x7e]*$/.test(text)) return text
  const marked = inAsciiDigits(text)
    .replaceAll(/[⁰¹²³⁴-⁹⁺⁻⁽⁾ⁿⁱ]+/g, '^{$&}')
    .replaceAll(/[₀-₉₊₋₍₎ₙᵢ]+/g, '_{$&}')
    .replaceAll(/[¼-¾⅐⅑⅓-⅞]/g, (char) => `\\frac${char.normalize('NFKC').replace('⁄', '')}`)
  return [...marked]
    .map((char) => (keptApart.test(char) ? char : char.normalize('NFKC')))
    .map((char) => characters.get(char) ?? char)
    .join('')
}

const keptApart = /[ϑϕϵℓℝℤℕℚℂ①-⑳…º]/u

/** A dollar sign that has no partner is money; the others delimit maths. */
function withoutMarkup(text: string): string {
  const bare = text
    .replace(/^\s*\*\*([^*]+)\*\*\s*$/, '$1')
    .replaceAll(/\*\*(?=[^\s*])((?:[^*]|\*(?!\*))+)\*\*|__([^_\n]+)__/g, ' $1$2 ')
    .replaceAll('`', '')
  const dollars = bare.match(/(?<!\\)\$/g)?.length ?? 0
  const money = dollars === 1 || (dollars % 2 === 1 && /^\s*\$\s*[\d.,]+\s*$/.test(bare))
  return bare
    .replaceAll(/\\[()[\]]/g, ' ')
    .replaceAll(/\\\$/g, '‹usd›')
    .replaceAll('$', money ? '‹usd›' : ' ')
}

function withoutCommands(text: string): string {
  if (!text.includes('\\')) return text
  let result = ''
  let at = 0
  const rows = text.includes('\\begin')
  for (const match of text.matchAll(/\\(?:[a-zA-Z]+\*?|[^a-zA-Z]|$)/g)) {
    if (match.index < at) continue
    result += text.slice(at, match.index)
    at = match.index + match[0].length
    const name = match[0].slice(1)
    const group = textCommands.has(name) || faceCommands.has(name) ? groupAt(text, at) : undefined
    if (group && name === 'mathbb') {
      at = group.end
      result += double[group.inner.trim()] ?? group.inner
    } else if (group) {
      at = group.end
      result += textCommands.has(name) ? asText(group.inner) : ` ${withoutCommands(group.inner)} `
    } else if (name === '\\' && rows) result += '⏎'
    else result += commands.get(name) ?? match[0]
  }
  return result + text.slice(at)
}

const double: Readonly<Record<string, string>> = { R: 'ℝ', Z: 'ℤ', N: 'ℕ', Q: 'ℚ', C: 'ℂ' }

/** The braces that open at `at`, or after white space there. */
function groupAt(text: string, at: number): { inner: string; end: number } | undefined {
  let open = at
  while (text[open] === ' ') open++
  const end = closingBrace(text, open)
  return end === undefined ? undefined : { inner: text.slice(open + 1, end - 1), end }
}

/** Numerals and single letters set as text are what they are; other words are kept together. */
function asText(inner: string): string {
  const words = withoutCommands(inner).replaceAll(/[{}‹›]/g, ' ')
  return /^[\s\d.,+\-*/()]*$/.test(words) ||
    /^[\s(]*[A-Za-z][).\s]*$/.test(words) ||
    /^\s*[A-Z](?:(?:,|\s*(?:and|or)\s)\s*[A-Z]\b)+\s*$/.test(words)
    ? ` ${words} `
    : `‹${words}›`
}

/** Separators that LaTeX makes unmistakable: of thousands, else of decimals. */
const grouping: readonly (readonly [RegExp, string])[] = [
  [/(?<=\d)(?:\s?\{,\s?\}|,\s?\\!|\\,)\s?(?=\d{3}(?!\d))/g, ''],
  [/(?<=\d)\{[,.]\}(?=\d)/g, '.'],
]

/** What is left to tidy when all commands are gone, in this order. */
const finishing: readonly (readonly [RegExp, string])[] = [
  [/^\s*(?:the\s+)?(?:final\s+)?answer\s*(?:is\b|:)/gi, ' '],
  [/^\s*Rs\.?\s*(?=\d)/g, '‹inr›'],
  [/(?<=\S)\s*[,;]?\s*\(?\s*[a-zA-Z](?:\s*,\s*[a-zA-Z])*\s*∈\s*ℤ\s*\)?$/g, ''],
  [/^-\s*(‹(?:usd|eur|gbp|jpy|inr)›)/g, '$1-'],
  [/\^\s*(?:\{\s*°\s*\}|°)/g, '°'],
  [/<=|=</g, '≤'],
  [/>=/g, '≥'],
  [/!=|=\/=|<>/g, '≠'],
  [/={2,}/g, '='],
  [/\*\*/g, '^'],
  [/\.{3,}|…+/g, '…'],
  [/<-+>/g, '⇔'],
  [/[-=]+>/g, '→'],
  [/\.(?=\s*[)\]},;])/g, ''],
  [/[\s.;,:。]+$/g, ''],
  [/(?<=^-?\d*\.\d+)…$/g, ''],
  [/^[\s.;,:]+(?!\d)/g, ''],
]
