import { canonicalJson, isObject } from '#answers'
import { messageOf } from '#core'
import { digest } from '../digest.ts'
import { checkOf } from './check.ts'
import { choicesOf } from './choices.ts'
import type { Item } from './item.ts'
import { messagesOf } from './question.ts'
import type { Row } from './row.ts'

/** What is wrong with a data file. */
export class BadData extends Error {}

/**
 * The questions of a file: JSON lines, or one JSON list. `system` is said before each of them. Throws BadData that names
 * the lines that cannot be used, and why.
 */
export function readItems(text: string, file: string, system?: string): readonly Item[] {
  const wrong: string[] = []
  const items = rowsOf(text, file).flatMap(([at, row]) => {
    try {
      return [itemOf(row, at, system)]
    } catch (error) {
      wrong.push(`${file}, ${at}: ${messageOf(error)}.`)
      return []
    }
  })
  if (wrong.length > 0) throw new BadData([...wrong.slice(0, shown), ...more(wrong.length - shown)].join('\n'))
  if (items.length === 0) throw new BadData(`${file} has no questions. ${example}`)
  return items
}

const shown = 5

const example = 'A line is JSON, such as {"question": "What is 6 × 7?", "answer": "42"}.'

const more = (count: number) => (count > 0 ? [`… and ${count} more.`] : [])

function rowsOf(text: string, file: string): readonly (readonly [string, unknown])[] {
  const plain = text.replace(/^\uFEFF/, '').trim()
  if (plain.startsWith('[')) {
    const list = parsed(plain, file)
    return (list as unknown[]).map((row, at) => [`entry ${at + 1}`, row])
  }
  return plain
    .split('\n')
    .map((line, at) => [`line ${at + 1}`, line.trim()] as const)
    .filter(([, line]) => line !== '')
    .map(([at, line]) => [at, parsed(line, `${file}, ${at}`)])
}

function parsed(text: string, where: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new BadData(`${where} is no JSON (${messageOf(error)}). ${example}`)
  }
}

function itemOf(row: unknown, at: string, system: string | undefined): Item {
  if (!isObject(row)) throw new Error('it is no JSON object')
  const choices = choicesOf(row)
  const messages = messagesOf(row, choices, system)
  const check = checkOf(row, choices)
  const rest = restOf(row, check.kind === 'schema' ? check.schema : undefined)
  const id = row['id'] ?? row['task_id'] ?? /\d+/.exec(at)![0]
  const key = digest(canonicalJson({ messages, rest, check }))
  return { id: String(id), key, messages, ...(rest ? { rest } : {}), check }
}

/** Fields of the request that a row may have of its own; who checks by a schema asks for it. */
function restOf(row: Row, schema: unknown): Row | undefined {
  const own = Object.fromEntries(
    ['tools', 'tool_choice', 'response_format'].flatMap((name) => (row[name] ? [[name, row[name]]] : [])),
  )
  const wanted = isObject(schema) ? { type: 'json_schema', json_schema: { name: 'answer', schema } } : undefined
  const rest = { ...(wanted ? { response_format: wanted } : {}), ...own }
  return Object.keys(rest).length > 0 ? rest : undefined
}
