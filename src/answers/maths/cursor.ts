import type { Token } from './tokens.ts'

/** A place in a row of tokens. */
export class Cursor {
  readonly tokens: Token[]
  at = 0

  constructor(tokens: readonly Token[]) {
    this.tokens = [...tokens]
  }

  get next(): Token | undefined {
    return this.tokens[this.at]
  }

  get before(): Token | undefined {
    return this.tokens[this.at - 1]
  }

  is(text: string): boolean {
    return this.next?.text === text
  }

  take(text: string): boolean {
    if (!this.is(text)) return false
    this.at++
    return true
  }

  /** The next token, which has to be there, and has to be this one if that is said. */
  needed(text?: string): Token {
    const token = this.next ?? fail()
    if (text !== undefined && token.text !== text) fail()
    this.at++
    return token
  }

  /** A group, or the next token, as it is written. */
  words(): string {
    const first = this.needed()
    if (first.text !== '{') return first.text
    let words = ''
    for (let depth = 1; ; ) {
      const { kind, text } = this.needed()
      if (text === '{') depth++
      if (text === '}' && --depth === 0) return words
      words += kind === 'text' ? text.slice(1, -1).trim() : text
    }
  }
}

/** One for all: to say where it came from takes longer than to read. */
export const unreadable = new Error()

export function fail(): never {
  throw unreadable
}
