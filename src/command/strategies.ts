import type { Command } from 'commander'
import { evaluate, inCapabilityWords, type ScorerSpec } from '#core'
import { readConfig } from '../config/index.ts'
import { configFile, settingsIn } from '../node/config-file.ts'
import { type Goods, pantryOf } from '../pantry.ts'
import { costOf } from '../recipe/calls.ts'
import { catalogueOf, type Entry } from '../recipe/catalogue.ts'
import { nearest } from '../recipe/nearest.ts'
import { ownOptions } from '../recipe/own-options.ts'
import { painter, table } from './paint.ts'
import { rangeOf, type Schema } from './range.ts'

const examples = `
Examples:
  mull strategies                    all of them, with what they cost by default
  mull strategies sc                 one of them, by its name or a short one: options, ranges, costs
  mull strategies judge              a scorer
  mull strategies --json             the same as GET /v1/strategies`

/** `mull strategies` */
export function strategies(program: Command): void {
  const command = program.command('strategies')
  command
    .description('list what recipes can be made of, or tell of one')
    .argument('[name]', 'a strategy or a scorer')
    .option('--config <path>', 'the configuration file, which may have strategies of your own')
    .option('--json', 'print what GET /v1/strategies answers')
    .addHelpText('after', examples)
    .action(async (name: string | undefined, { json, ...flags }: { json?: true; config?: string }) => {
      const file = configFile(flags, process.env)
      const pantry = pantryOf(readConfig(process.env, file === undefined ? {} : await settingsIn(file, process.env)))
      const entries = catalogueOf(pantry)
      const entry = entries.find(({ id, aliases = [] }) => id === name || aliases.includes(name ?? ''))
      if (name !== undefined && !entry) {
        const known = entries.flatMap(({ id, aliases = [] }) => [id, ...aliases])
        command.error(`error: There is no strategy or scorer "${name}".${nearest(name, known)}`, { exitCode: 2 })
      }
      const shown = json
        ? asJson(entry ?? { object: 'list', data: entries })
        : entry
          ? told(entry, pantry)
          : listed(entries, pantry)
      process.stdout.write(shown)
    })
}

const asJson = (value: object) => `${JSON.stringify(value, null, 2)}\n`

function listed(entries: readonly Entry[], goods: Goods): string {
  const { stdout } = process
  const of = (kind: Entry['object']) => entries.filter(({ object }) => object === kind)
  const rows = of('strategy').map((entry) => {
    const { calls, depth } = costsOf(entry, goods)
    return [entry.id, (entry.aliases ?? []).join(', '), calls, depth, entry.needs.join(', '), entry.does]
  })
  const scorers = of('scorer').map(({ id, needs, does }) => [id, needs.join(', '), does])
  return `${table(['strategy', 'short', 'calls', 'depth', 'needs', 'what it does'], rows, stdout)}
${table(['scorer', 'needs', 'what it does'], scorers, stdout)}
Calls are the most completions it asks for with its defaults, depth the most that wait for one another.
`
}

function told(entry: Entry, goods: Goods): string {
  const { id, object, aliases = [], does, source, needs, leading } = entry
  const paint = painter(process.stdout)
  const costs = costsOf(entry, goods)
  const { own, votes, shared } = ownOptions<Schema>(entry)
  const first = own.find(([name]) => name === leading)?.[1].default
  const at = typeof first === 'number' ? `@${first}` : ''
  const use = object === 'strategy' ? `MODEL+${aliases[0] ?? id}${at}` : `MODEL+best-of-n@8(scorer=${id})`
  const rows = own.map(([name, schema]) => [
    `  ${name}`,
    rangeOf(schema),
    schema.default === undefined ? '' : JSON.stringify(schema.default),
    name === leading ? 'what @number sets' : '',
  ])
  return [
    `${paint('bold', id)}${aliases.length > 0 ? ` (${aliases.join(', ')})` : ''}`,
    source === undefined ? does : does.replace(/\.$/, ` (${source}).`),
    '',
    `  mull ask "…" -m "${use}"`,
    '',
    `Calls: ${entry.calls}${costs.calls === entry.calls ? '' : `, with the defaults ${costs.calls}`}`,
    ...(entry.depth === undefined
      ? []
      : [`Depth: ${entry.depth}${costs.depth === entry.depth ? '' : `, with the defaults ${costs.depth}`}`]),
    ...needs.map((need) => `Needs: ${need}, an upstream that ${inCapabilityWords[need]} ("mull doctor" tells)`),
    '',
    rows.length > 0
      ? table(['  option', 'allowed', 'default', ''], rows, process.stdout).trimEnd()
      : 'It has no options.',
    ...(votes ? [`  and those of a vote: ${shared.join(', ')}`] : []),
    '',
  ].join('\n')
}

const propertiesOf = ({ options }: Entry) =>
  (options as { properties?: Readonly<Record<string, Schema>> }).properties ?? {}

/** What it costs with its defaults; the formula itself where an option without a default decides. */
function costsOf(entry: Entry, { scorers }: Goods): { readonly calls: string; readonly depth: string } {
  const values = {
    ...numbersIn(entry),
    ...costOf((propertiesOf(entry)['scorer']?.default ?? []) as ScorerSpec, scorers),
  }
  const worth = (formula: string) => {
    try {
      return String(evaluate(formula, values))
    } catch {
      return formula
    }
  }
  return { calls: worth(entry.calls), depth: worth(entry.depth ?? '0') }
}

const numbersIn = (entry: Entry) =>
  Object.fromEntries(
    Object.entries(propertiesOf(entry)).flatMap(([name, { default: value }]) =>
      typeof value === 'number' ? [[name, value]] : [],
    ),
  )
