/** A unit in the form that its spellings share, and how many of the base unit of its dimension it is. */
export type Unit = { readonly name: string; readonly base: string; readonly factor: number }

/** base: unit=factor, spellings | ... Plurals in s need no entry. */
const table = `
m: m=1,meter,metre | km=1000,kilometer,kilometre,kms | cm=0.01,centimeter,centimetre,cms | mm=0.001,millimeter,millimetre
m: in=0.0254,inch,inche | ft=0.3048,foot,feet | yd=0.9144,yard | mi=1609.344,mile | nm=1e-9,nanometer
g: g=1,gram,gramme,gm | kg=1000,kilogram,kilo,kgs | mg=0.001,milligram | lb=453.59237,pound,lbs | oz=28.349523125,ounce | t=1e6,tonne
s: s=1,second,sec,secs | min=60,minute,mins | h=3600,hour,hr,hrs | day=86400 | week=604800 | year=31557600,yr,yrs | month=2629800 | ms=0.001,millisecond
l: l=1,liter,litre | ml=0.001,milliliter,millilitre | gal=3.785411784,gallon
usd: usd=1,dollar,buck | cent=0.01,¢ | eur=1.1,euro | gbp=1.3 | jpy=0.007,yen | inr=0.012,rupee,rs
deg: degree=1,°,deg | rad=57.29577951308232,radian
n: n=1,newton | j=1,joule | kj=1000,kilojoule | w=1,watt | kw=1000,kilowatt | v=1,volt | hz=1,hertz | mph=1 | kph=1,kmh | mol=1,mole | k=1,kelvin | pa=1,pascal
`

const known: ReadonlyMap<string, Unit> = new Map(
  table.split(/[\n|]/).reduce<{ base: string; entries: [string, Unit][] }>(
    ({ base, entries }, line) => {
      const [, named, spec = ''] = /^\s*(?:(\w+):)?\s*(.*?)\s*$/.exec(line) ?? []
      const [name = '', factor = '', ...spellings] = spec.split(/[=,]/)
      const unit = { name, base: named ?? base, factor: Number(factor) }
      return { base: unit.base, entries: [...entries, ...[name, ...spellings].map((at): [string, Unit] => [at, unit])] }
    },
    { base: '', entries: [] },
  ).entries,
)

/** Letters that alone are units, where they stand apart behind a plain number. */
export const isLetterUnit = (letter: string): boolean => /^[mgshLlNJWVK]$/.test(letter)

export function unitOf(word: string): Unit | undefined {
  const lower = word.toLowerCase()
  return known.get(lower) ?? known.get(lower.replace(/(?<=..)s$/, ''))
}

/** Words that multiply, before any unit. */
export const scales: Readonly<Record<string, bigint>> = {
  dozen: 12n,
  hundred: 100n,
  thousand: 1000n,
  lakh: 100_000n,
  million: 1_000_000n,
  mio: 1_000_000n,
  crore: 10_000_000n,
  billion: 1_000_000_000n,
  bn: 1_000_000_000n,
  trillion: 1_000_000_000_000n,
  万: 10_000n,
  亿: 100_000_000n,
}

/** A compound unit in one spelling: `square meters`, `m^2` and `meters squared` are the same. */
export function canonicalUnit(words: string): string {
  const spelled = words
    .toLowerCase()
    .replaceAll(/[{}‹›().,*]/g, ' ')
    .replaceAll(/\bsq(?:uare|\.)?\s+([a-z]+)/g, '$1^2')
    .replaceAll(/\bcu(?:bic|\.)?\s+([a-z]+)/g, '$1^3')
    .replaceAll(/\s*\bper\b\s*|\s*\/\s*/g, '/')
    .replaceAll(/\s+squared\b/g, '^2')
    .replaceAll(/\s+cubed\b/g, '^3')
    .replaceAll(/\s*\^\s*/g, '^')
    .replaceAll(/\b(?:of|in|total|the|all|away|long|tall|wide|left|more|each|approximately)\b/g, ' ')
    .trim()
  return spelled
    .replaceAll(/[a-z°¢]+/g, (word) => unitOf(word)?.name ?? singular(word))
    .replaceAll(/\s+/g, ' ')
    .replace(/^units?\^?/, 'unit^')
    .replace(/^unit\^$/, 'unit')
}

const singular = (word: string) => (word.length > 3 ? word.replace(/(?<!s)s$/, '') : word)
