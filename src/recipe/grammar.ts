import { BadRecipe } from '#core'

/** One strategy as written: `id@number(key=value, …)`. */
export type Step = {
  readonly id: string
  readonly number?: number
  readonly options: Readonly<Record<string, Value>>
}

export type Value = number | boolean | string | readonly Value[] | Named

/** A value with options of its own: `judge(votes=3)`. */
export type Named = { readonly id: string; readonly options: Readonly<Record<string, Value>> }

/**
 * Stages wrap one another, the first innermost; the ways of one stage stand side by side, and the steps of one way hand
 * their draft on.
 */
export type Stages = readonly (readonly (readonly Step[])[])[]

/**
 * Reads what follows a model's name and its `+`:
 *
 *     stages = stage *( "+" stage )
 *     stage  = way *( "|" way )
 *     way    = step *( "&" step )
 *     step   = id [ "@" number ] [ options ]
 *     options = "(" [ key "=" value *( "," key "=" value ) ] ")"
 *     value  = number | true | false | bare-word [ options ] | "quoted" | "[" value *( "," value ) "]"
 *
 * Spaces around every sign are allowed. Throws BadRecipe that says where reading stopped and what was expected.
 */
export function parseStages(text: string): Stages {
  if (text.length > longest) throw new BadRecipe(`The recipe is longer than ${longest} characters.`)
  const reader = new Reader(text)
  const stages = reader.list('+', () => reader.list('|', () => reader.list('&', () => step(reader))))
  reader.end()
  return stages
}

/** What is read by recursion must not be as long as a request may be. */
const longest = 2000

function step(reader: Reader): Step {
  const id = reader.take(/[a-z][\w-]*/iy, 'the name of a strategy').toLowerCase()
  const number = reader.skip('@') ? { number: Number(reader.take(numeral, 'a number after @')) } : {}
  return { id, ...number, options: optionsIn(reader) ?? {} }
}

function optionsIn(reader: Reader): Record<string, Value> | undefined {
  if (!reader.skip('(')) return undefined
  const options: Record<string, Value> = Object.create(null)
  if (reader.skip(')')) return {}
  reader.list(',', () => {
    const key = reader.take(/[a-z]\w*/iy, 'the name of an option')
    if (key in options) throw reader.error(`${key} only once`)
    reader.expect('=')
    options[key] = value(reader)
  })
  reader.expect(')')
  return { ...options }
}

function value(reader: Reader): Value {
  if (reader.skip('[')) {
    if (reader.skip(']')) return []
    const values = reader.list(',', () => value(reader))
    reader.expect(']')
    return values
  }
  const quoted = reader.match(/"(?:[^"\\]|\\.)*"/y)
  if (quoted !== undefined) return unquote(quoted, reader)
  const word = reader.take(/[^\s,()[\]"=&+|]+/y, 'a value')
  if (word === 'true' || word === 'false') return word === 'true'
  if (isNumeral(word)) return Number(word)
  const options = optionsIn(reader)
  return options ? { id: word, options } : word
}

/** A step as it is read, with nothing left to choose. */
export function writeStep({ id, number, options }: Step): string {
  const given = Object.keys(options).length > 0 ? writeOptions(options) : ''
  return `${id}${number === undefined ? '' : `@${writeValue(number)}`}${given}`
}

const writeOptions = (options: Readonly<Record<string, Value>>) =>
  `(${Object.entries(options).map(([key, value]) => `${key}=${writeValue(value)}`)})`

function writeValue(value: Value): string {
  if (typeof value === 'object')
    return 'id' in value ? value.id + writeOptions(value.options) : `[${value.map(writeValue).join(',')}]`
  if (typeof value !== 'string') return String(value).replace('e+', 'e')
  const bare = /^[\w.:/-]+$/.test(value) && value !== 'true' && value !== 'false' && !isNumeral(value)
  return bare ? value : JSON.stringify(value)
}

const numeral = /-?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?/iy
const isNumeral = (word: string) => new RegExp(`^(?:${numeral.source})$`, 'i').test(word)

function unquote(text: string, reader: Reader): string {
  try {
    return JSON.parse(text)
  } catch {
    throw reader.error('a quoted text as JSON has it')
  }
}

class Reader {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  list<T>(separator: string, item: () => T): T[] {
    const items = [item()]
    while (this.skip(separator)) items.push(item())
    return items
  }

  match(pattern: RegExp): string | undefined {
    this.#space()
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.#text)?.[0]
    if (found !== undefined) this.#at += found.length
    return found
  }

  take(pattern: RegExp, what: string): string {
    const found = this.match(pattern)
    if (found === undefined) throw this.error(what)
    return found
  }

  skip(sign: string): boolean {
    this.#space()
    if (!this.#text.startsWith(sign, this.#at)) return false
    this.#at += sign.length
    return true
  }

  expect(sign: string): void {
    if (!this.skip(sign)) throw this.error(`"${sign}"`)
  }

  end(): void {
    this.#space()
    if (this.#at < this.#text.length) throw this.error('"+", "&", "|" or the end')
  }

  error(expected: string): BadRecipe {
    const rest = this.#text.slice(this.#at)
    const found = rest ? `at "${rest.slice(0, 20)}"` : 'at its end'
    return new BadRecipe(`The recipe "${this.#text}" cannot be read ${found}: expected ${expected}.`)
  }

  #space(): void {
    while (this.#text[this.#at] === ' ') this.#at++
  }
}
