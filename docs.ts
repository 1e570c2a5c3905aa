/** Writes what the README says of each strategy and scorer, and the example of a configuration, from what they say themselves: `npm run docs`. */
import { readFile, writeFile } from 'node:fs/promises'
import { voting } from '#core'
import { example } from './example.ts'
import { pantry } from './src/pantry.ts'
import { catalogueOf, type Entry } from './src/recipe/catalogue.ts'

const [begin, end] = ['<!-- begin: npm run docs writes this -->', '<!-- end: npm run docs writes this -->']

/** A README with its tables as they should be. Throws an Error for one without the marks around them. */
export function documented(readme: string): string {
  const [before, after] = [readme.indexOf(begin), readme.indexOf(end)]
  if (before < 0 || after < before) throw new Error(`The README lacks "${begin}" or "${end}".`)
  return `${readme.slice(0, before + begin.length)}\n${tables(catalogueOf(pantry))}\n${readme.slice(after)}`
}

export function tables(entries: readonly Entry[]): string {
  const rowsOf = (kind: Entry['object']) => entries.filter(({ object }) => object === kind)
  const strategies = table(
    ['strategy', 'short', 'what it does', 'options', 'calls', 'depth', 'needs'],
    rowsOf('strategy').map(({ id, aliases = [], calls, depth = '', needs, ...entry }) => [
      code(id),
      aliases.map(code).join(', '),
      described(entry),
      optionsIn(entry),
      code(calls),
      code(depth),
      needs.map(code).join(', '),
    ]),
  )
  const scorers = table(
    ['scorer', 'what it does', 'options', 'calls', 'needs'],
    rowsOf('scorer').map(({ id, calls, needs, ...entry }) => [
      code(id),
      described(entry),
      optionsIn(entry),
      code(calls),
      needs.map(code).join(', '),
    ]),
  )
  return `${strategies}\n\n${scorers}`
}

type Described = Pick<Entry, 'does' | 'source' | 'gate'>

const described = ({ does, source, gate }: Described) =>
  [
    source === undefined ? does : does.replace(/\.$/, ` (${source}).`),
    ...(gate ? ['In a list it stands before the others: what fails it scores 0.'] : []),
  ].join(' ')

/** The options of a vote are the same wherever there is one, and told of once, below the tables. */
function optionsIn({ options }: Pick<Entry, 'options'>): string {
  const { properties } = options as { properties: Record<string, { default?: unknown }> }
  const votes = Object.keys(voting()).every((name) => name in properties)
  const own = Object.entries(properties).filter(([name]) => !votes || !(name in voting()))
  const written = own.map(([name, { default: given }]) =>
    code(given === undefined ? name : `${name}=${inRecipe(given)}`),
  )
  return [...written, ...(votes ? ['those of a vote'] : [])].join(', ')
}

/** A default as it would be written in a recipe. */
function inRecipe(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inRecipe).join(', ')}]`
  if (typeof value !== 'object' || value === null) return typeof value === 'string' ? value || '""' : String(value)
  const { id, options } = value as { id: string; options: object }
  return `${id}(${Object.entries(options).map(([name, option]) => `${name}=${inRecipe(option)}`)})`
}

const code = (text: string) => `\`${text}\``

const table = (head: readonly string[], rows: readonly (readonly string[])[]) =>
  [head, head.map(() => '---'), ...rows]
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`)
    .map((line) => line.replaceAll('|  |', '| |'))
    .join('\n')

if (import.meta.main) {
  await writeFile('README.md', documented(await readFile('README.md', 'utf8')))
  await writeFile('mull.config.example.ts', await example())
}
