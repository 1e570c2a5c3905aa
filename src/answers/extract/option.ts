import { surfaceOf } from '../forms/surface.ts'
import type { ExtractOptions, Material } from './extract.ts'
import { answerWords, isSigns, isWords } from './languages.ts'

/** The letters of the options: as given, or as the question lists them. */
export function optionsOf({ choices, question = '' }: ExtractOptions): ReadonlySet<string> {
  const given = Array.isArray(choices)
    ? choices.map((choice, at) => (/^[A-Z]$/.test(choice) ? choice : String.fromCharCode(65 + at)))
    : Object.keys(choices ?? {})
  if (given.length > 0) return new Set(given)
  const listed = [...question.matchAll(/(?:^|\n|\s{2,})\s*\(?([A-J])[).:]\s*\S/g)].map(([, letter]) => letter!)
  return new Set(listed.length >= 2 && listed[0] === 'A' ? listed : [])
}

/** In a multiple choice: the letter that is announced, that leads the text, or that stands last in it. */
export function chosenOption({ text, letters }: Material): string | undefined {
  if (letters.size === 0) return undefined
  const set = [...letters].join('')
  const plain = text
    .replaceAll(/\\(?:text|mathrm|textbf|mathbf|boxed)\s?\{\s*\(?([A-Z])\)?\s*\}/g, '$1')
    .replaceAll(/[*_$`"“”'‘’]/g, '')
  for (const pattern of patternsFor(set)) {
    const found = [...plain.matchAll(pattern)].at(-1)?.[1]
    if (found) return found.toUpperCase()
  }
  const only = plain.length < 40 && /^\(?([a-z])\)?$/i.exec(surfaceOf(plain))?.[1]?.toUpperCase()
  return only && letters.has(only) ? only : undefined
}

/** From the most explicit; a letter counts only where no other letter touches it, and `A` not as the article. */
const patternsFor = (set: string): readonly RegExp[] => {
  const loose = String.raw`\(?(?<![A-Za-z\d])([${set}])(?![A-Za-z\d'])\)?`
  const letter = String.raw`${loose}(?!\s+[a-z]{2,}\s+[a-z])`
  return [
    String.raw`(?:answer|option|choice|선택|${answerWords})(?:\s*(?:${isWords}|${isSigns}|(?:must|should|would) be|final|correct))*\s*(?:option|choice|letter|the)?\s*${letter}`,
    String.raw`(?<!\p{L})${loose}\s+(?:is|would be|seems|must be)\s+(?:the\s+)?(?:correct|right|best|answer)`,
    String.raw`^\s*\(?([${set}])(?:[).:,。、：]|\s*$)`,
    String.raw`(?:correct|right|best|select|choose|pick|go with|settled? on|选择?)\D{0,24}?${letter}`,
    String.raw`(?<![\\_])(?<![=+*/^-]\s?)${loose}(?!\s*[=+*/^_]|(?<=A)\s+(?!then|or|and|is\b)[a-z])`,
  ].map((source, at) => new RegExp(source, at === 0 || at === 3 ? 'giu' : 'gu'))
}
