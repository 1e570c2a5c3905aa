/** What mull.config.example.ts says. */
import { type Setting, settings } from './settings.ts'

const head = `import { defineConfig } from 'mull/config'

/**
 * Every setting, with its default and what it is for; what has no default is a comment. Copy what you change to
 * mull.config.ts: the command reads it from the working directory, and the Worker is built with it. An environment
 * variable of docs/configuration.md wins over what is said there. Secrets belong into the environment, which is given to a
 * function: defineConfig((env) => ({ upstreams: { main: { key: env.DEEPSEEK_API_KEY } } })).
 */
export default defineConfig({
`

/** The whole example. Rejects with an Error for a key that has no word beside it, or neither a default nor an example. */
export async function example(): Promise<string> {
  return `${head}${(await settings()).map((section) => written(section, '  ')).join('\n')}})\n`
}

function written({ name, value, words, example, settings }: Setting, indent: string): string {
  const comment = wrapped(words, 118 - indent.length)
    .map((line) => `${indent}// ${line}\n`)
    .join('')
  if (value === undefined) {
    if (example === undefined) throw new Error(`"${name}" has no default, and no @example in its comment.`)
    return `${comment}${indent}// ${name}: ${example},\n`
  }
  if (settings.length === 0)
    return `${comment}${indent}${name}: ${literal(value)},${example ? ` // such as ${example}` : ''}\n`
  return `${comment}${indent}${name}: {\n${settings.map((inner) => written(inner, `${indent}  `)).join('')}${indent}},\n`
}

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
