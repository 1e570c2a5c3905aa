/** A unit in the form that its spellings share, and how many of the base unit of its dimension it is. */
export type Unit = { readonly name: string; readonly base: string; readonly factor: number }

/** A line for each dimension: units, with how many of the first they are, and their other spellings. Plurals in s need no entry. */
const table = `m meter metre;km 1000 kilometer kilometre;cm .01 centimeter centimetre;mm .001 millimeter millimetre;in .0254 inch inche;ft .3048 foot feet;yd .9144 yard;mi 1609.344 mile
g gram;kg 1000 kilogram;mg .001 milligram;lb 453.59237 pound;oz 28.349523125 ounce
s second sec;min 60 minute;h 3600 hour hr;day 86400;week 604800
l liter litre;ml .001 milliliter millilitre;gal 3.785411784 gallon
radian rad;degree deg °
usd dollar
cent ¢
eur euro
jpy yen
inr rupee rs`

const known: ReadonlyMap<string, Unit> = new Map(
  table.split('\n').flatMap((line) =>
    line.split(';').flatMap((spec, _, [first]) => {
      const [name = '', second = '', ...others] = spec.split(' ')
      const factor = Number(second) || 1
      const unit = { name, base: first!, factor }
      return [name, second, ...others].map((word): [string, Unit] => [word, unit])
    }),
  ),
)

/** Letters that alone are units, where they stand apart behind a plain number. */
export const isLetterUnit = (letter: string): boolean => /^[mgshLlNJWVK]$/.test(letter)

export function unitOf(word: string): Unit | undefined {
  const lower = word.toLowerCase()
  return known.get(lower) ?? known.get(lower.replace(/(?<=..)s$/, ''))
}

/** Words that multiply, before any unit. */
export const scales: ReadonlyMap<string, bigint> = new Map([
  ['dozen', 12n],
  ['hundred', 100n],
  ['thousand', 1000n],
  ['million', 1_000_000n],
  ['billion', 1_000_000_000n],
  ['trillion', 1_000_000_000_000n],
  ['万', 10_000n],
  ['亿', 100_000_000n],
])

/** A compound unit in one spelling: `square meters`, `m^2` and `meters squared` are the same. */
export function canonicalUnit(words: string): string {
  if (words === '') return ''
  let spelled = words.toLowerCase()
  for (const [pattern, becomes] of spellings) spelled = spelled.replaceAll(pattern, becomes)
  return spelled
    .replaceAll(/[a-z°¢]+/g, (word) => unitOf(word)?.name ?? singular(word))
    .replaceAll(/\s+/g, ' ')
    .trim()
}

const spellings: readonly (readonly [RegExp, string])[] = [
  [/[{}‹›().,*]/g, ' '],
  [/\bsq(?:uare)?\s+([a-z]+)|([a-z]+)\s+squared\b/g, '$1$2^2'],
  [/\bcu(?:bic)?\s+([a-z]+)|([a-z]+)\s+cubed\b/g, '$1$2^3'],
  [/\bmph\b/g, 'mi/h'],
  [/\bk[pm]h\b/g, 'km/h'],
  [/\s*(?:\bper\b|\/)\s*/g, '/'],
  [/\s*\^\s*/g, '^'],
  [/\b(?:of|in|total|the|all|away|long|tall|wide|left|more|each)\b/g, ' '],
]

const singular = (word: string) => (word.length > 3 ? word.replace(/(?<!s)s$/, '') : word)
