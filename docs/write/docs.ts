/** Writes what the documentation says of strategies, scorers, settings and OptiLLM, and the example of a configuration, from what they say themselves: `npm run docs`. */
import { readFile, writeFile } from 'node:fs/promises'
import { pantry } from '../../src/pantry.ts'
import { catalogueOf, type Entry } from '../../src/recipe/catalogue.ts'
import { portable, refused } from '../../src/recipe/optillm.ts'
import { ownOptions } from '../../src/recipe/own-options.ts'
import { example } from './example.ts'
import { reference } from './reference.ts'
import { table } from './table.ts'

const [begin, end] = ['<!-- begin: npm run docs writes this -->', '<!-- end: npm run docs writes this -->']

/** What stands between the marks of each page. */
export const written: Readonly<Record<string, () => string | Promise<string>>> = {
  'docs/strategies.md': () => tables(catalogueOf(pantry)),
  'docs/configuration.md': reference,
  'docs/optillm.md': fromOptillm,
}

/** A page with what stands between its marks as it should be. Throws an Error for one without the marks. */
export function documented(page: string, text: string): string {
  const [before, after] = [page.indexOf(begin), page.indexOf(end)]
  if (before < 0 || after < before) throw new Error(`The page lacks "${begin}" or "${end}".`)
  return `${page.slice(0, before + begin.length)}\n${text}\n${page.slice(after)}`
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
function optionsIn(entry: Pick<Entry, 'options'>): string {
  const { own, votes } = ownOptions<{ readonly default?: unknown }>(entry)
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

/** What OptiLLM's approaches are here, and why some are not. */
function fromOptillm(): string {
  const known = Object.entries(portable).map(([approach, { strategy, options = {} }]) => [
    code(approach),
    code(strategy),
    Object.entries(options)
      .map(([field, option]) => `${code(field)} is ${code(option)}`)
      .join(', '),
  ])
  const others = Object.entries(refused).map(([approach, why]) => [code(approach), `It ${why}.`])
  return [
    table(['OptiLLM', 'here', 'fields of the request that set an option'], known),
    'These are refused, with the reason:',
    table(['OptiLLM', 'why, and what to do'], others),
  ].join('\n\n')
}

const code = (text: string) => `\`${text}\``

if (import.meta.main) {
  for (const [page, text] of Object.entries(written))
    await writeFile(page, documented(await readFile(page, 'utf8'), await text()))
  await writeFile('mull.config.example.ts', await example())
}
