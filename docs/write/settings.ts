/** Every setting as the schema has it, with what stands beside it in the sources. */
import { glob, readFile } from 'node:fs/promises'
import * as z from 'zod'
import { schema } from '../../src/config/schema.ts'

export type Setting = {
  readonly name: string
  /** Its type, checks and defaults taken away. */
  readonly type: z.core.$ZodType
  /** What it is where nothing is said. */
  readonly value: unknown
  readonly words: string
  readonly example: string | undefined
  /** Settings within it. */
  readonly settings: readonly Setting[]
  /** Of a list of settings, those of each entry. */
  readonly each: readonly Setting[]
}

/** All of them. Rejects with an Error for one that has no word beside it. */
export async function settings(): Promise<readonly Setting[]> {
  const sources = await Array.fromAsync(glob('src/config/sections/*.ts'), (file) => readFile(file, 'utf8'))
  return Object.entries(schema.shape).map(([name, section]) => {
    const key = `export const ${name} = `
    const source = sources.find((text) => text.includes(key)) ?? ''
    return setting(name, section, section.parse(undefined), new Docs(source).next(name, key), new Docs(source))
  })
}

type Doc = Pick<Setting, 'words' | 'example'>

/** The comments before the keys of a section, in their order. */
class Docs {
  #left: string

  constructor(source: string) {
    this.#left = source
  }

  next(name: string, key = `${name}: `): Doc {
    const end = new RegExp(String.raw`\*/\s+${key.replaceAll(' ', String.raw`\s`)}`).exec(this.#left)
    const begin = end ? this.#left.lastIndexOf('/**', end.index) : -1
    if (!end || begin < 0) throw new Error(`There is no comment before "${name}" that says what it is for.`)
    const said = this.#left.slice(begin + 3, end.index).replaceAll(/\s*\n\s*\*?\s*/g, ' ')
    this.#left = this.#left.slice(end.index + end[0].length)
    const [words = '', shown] = said.split('@example')
    return { words: words.trim(), example: shown?.trim() }
  }
}

function setting(name: string, schema: z.core.$ZodType, value: unknown, doc: Doc, docs: Docs): Setting {
  const type = inside(schema)
  const within = type instanceof z.ZodObject ? Object.entries<z.core.$ZodType>(type.shape) : named(type, value)
  // What is only an example as a whole is described as a whole.
  const isWhole = value === undefined || (doc.example !== undefined && Object.keys(value as object).length === 0)
  const settings = (isWhole ? [] : within).map(([key, inner]) => {
    const own = type instanceof z.ZodRecord ? { words: '', example: undefined } : docs.next(key)
    return setting(key, inner, (value as Record<string, unknown>)[key], own, docs)
  })
  const each = Object.entries<z.core.$ZodType>(entryOf(type)?.shape ?? {}).map(([key, inner]) =>
    setting(key, inner, undefined, docs.next(key), docs),
  )
  return { name, type, value, ...doc, settings, each }
}

/** What the entries of a list are, where they have settings; some may be said in a word, too. */
function entryOf(type: z.core.$ZodType): z.ZodObject | undefined {
  if (!(type instanceof z.ZodArray)) return undefined
  const { element } = type
  return [element, ...(element instanceof z.ZodUnion ? element.options : [])].find((one) => one instanceof z.ZodObject)
}

/** What is in a record by default. */
const named = (type: z.core.$ZodType, value: unknown): [string, z.core.$ZodType][] =>
  type instanceof z.ZodRecord
    ? Object.keys((value as object | undefined) ?? {}).map((key) => [key, type.valueType])
    : []

/** The type of a value that is there, checks and defaults taken away. */
function inside(type: z.core.$ZodType): z.core.$ZodType {
  const { def } = type._zod as { def: { innerType?: z.core.$ZodType; in?: z.core.$ZodType } }
  const inner = def.innerType ?? def.in
  return inner ? inside(inner) : type
}
