/** What docs/configuration.md says of each setting. */
import * as z from 'zod'
import { rangeOf } from '../../src/command/range.ts'
import { variables } from '../../src/config/index.ts'
import { type Setting, settings } from './settings.ts'
import { table } from './table.ts'

/** A heading and a table for each section. */
export async function reference(): Promise<string> {
  const sections = (await settings()).map((section) => {
    const rows = rowsOf(section, '')
    const words = section.settings.length === 0 ? '' : `${section.words}\n\n`
    return `### ${section.name}\n\n${words}${table(['setting', 'allowed', 'default', 'variable', 'meaning'], rows)}`
  })
  return sections.join('\n\n')
}

function rowsOf(setting: Setting, prefix: string): string[][] {
  const path = `${prefix}${setting.name}`
  if (setting.settings.length > 0) return setting.settings.flatMap((inner) => rowsOf(inner, `${path}.`))
  const row = [
    code(path),
    allowed(setting),
    standard(setting),
    variablesOf(path).map(code).join(', '),
    meaning(setting),
  ]
  return [row, ...setting.each.flatMap((inner) => rowsOf(inner, `${path}[].`))]
}

/** What is no value of JSON is told by its example. */
function allowed({ type }: Setting): string {
  if (type instanceof z.ZodRecord) return 'names with values'
  try {
    const words = rangeOf(z.toJSONSchema(type as z.ZodType, { io: 'input' }) as object)
    return words.replace('a scorer, or a list', '')
  } catch {
    return ''
  }
}

function standard({ value }: Setting): string {
  if (value === undefined) return ''
  const isNothing = typeof value === 'object' && Object.keys(value as object).length === 0
  return isNothing ? 'none' : code(typeof value === 'string' ? value : JSON.stringify(value))
}

const meaning = ({ words, example }: Setting) => [words, ...(example ? [`Such as ${code(example)}.`] : [])].join(' ')

const variablesOf = (path: string) =>
  Object.entries(variables).flatMap(([name, [setting]]) => (setting === path ? [name] : []))

const code = (text: string) => `\`${text}\``
