/** What mull.config.example.ts says, from the schema and from what stands beside each key of it. */
import { glob, readFile } from 'node:fs/promises'
import * as z from 'zod'
import { schema } from './src/config/schema.ts'

const head = `import { defineConfig } from 'mull/config'

/**
 * Every setting, with its default and what it is for; what has no default is a comment. Copy what you change to
 * mull.config.ts: the command reads it from the working directory, and the Worker is built with it. An environment
 * variable of the README's table wins over what is said there. Secrets belong into the environment, which is given to a
 * function: defineConfig((env) => ({ upstreams: { main: { key: env.DEEPSEEK_API_KEY } } })).
 */
export default defineConfig({
`

/** The whole example. Throws an Error for a key that has no word beside it. */
export async function example(): Promise<string> {
  const sources = await Array.fromAsync(glob('src/config/sections/*.ts'), (file) => readFile(file, 'utf8'))
  const sections = Object.entries(schema.shape).map(([name, section]) => {
    const key = `export const ${name} = `
    const source = sources.find((text) => text.includes(key)) ?? ''
    return setting(name, section, section.parse(undefined), new Docs(source).next(name, key), new Docs(source), '  ')
  })
  return `${head}${sections.join('\n')}})\n`
}

type Doc = { readonly words: string; readonly example: string | undefined }

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

function setting(name: string, type: z.core.$ZodType, value: unknown, doc: Doc, docs: Docs, indent: string): string {
  const comment = wrapped(doc.words, 118 - indent.length).map((line) => `${indent}// ${line}\n`)
  const inner = inside(type)
  if (value === undefined) return `${comment.join('')}${indent}// ${name}: ${shown(name, doc)},\n`
  const keys = inner instanceof z.ZodObject ? Object.entries<z.core.$ZodType>(inner.shape) : named(inner, value)
  if (keys.length === 0 || (doc.example !== undefined && isEmpty(value))) {
    const such = doc.example ? ` // such as ${doc.example}` : ''
    return `${comment.join('')}${indent}${name}: ${literal(value)},${such}\n`
  }
  const settings = keys.map(([key, type]) => {
    const own = inner instanceof z.ZodRecord ? { words: '', example: undefined } : docs.next(key)
    return setting(key, type, (value as Record<string, unknown>)[key], own, docs, `${indent}  `)
  })
  return `${comment.join('')}${indent}${name}: {\n${settings.join('')}${indent}},\n`
}

function shown(name: string, { example }: Doc): string {
  if (example === undefined) throw new Error(`"${name}" has no default, and no @example in its comment.`)
  return example
}

/** What is in a record by default. */
const named = (type: z.core.$ZodType, value: unknown): [string, z.core.$ZodType][] =>
  type instanceof z.ZodRecord ? Object.keys(value as object).map((key) => [key, type.valueType]) : []

/** The type of a value that is there, checks and defaults taken away. */
function inside(type: z.core.$ZodType): z.core.$ZodType {
  const { def } = type._zod as { def: { innerType?: z.core.$ZodType; in?: z.core.$ZodType } }
  const inner = def.innerType ?? def.in
  return inner ? inside(inner) : type
}

const isEmpty = (value: unknown) => Object.keys(value as object).length === 0

const literal = (value: unknown): string =>
  typeof value === 'string' ? `'${value}'` : typeof value === 'number' ? grouped(value) : JSON.stringify(value)

/** As the linter writes it: 3_600_000. */
const grouped = (value: number) => (value < 10_000 ? `${value}` : `${value}`.replaceAll(/\B(?=(\d{3})+$)/g, '_'))

function wrapped(words: string, width: number): string[] {
  const lines: string[] = []
  for (const word of words.split(' ').filter(Boolean)) {
    const last = lines.at(-1)
    if (last !== undefined && `${last} ${word}`.length <= width - 3) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines
}
