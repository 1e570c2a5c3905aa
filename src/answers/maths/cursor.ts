import type { Token } from './tokens.ts'

/** A place in a row of tokens. */
export class Cursor {
  readonly tokens: Token[]
  at = 0

  constructor(tokens: readonly Token[]) {
    this.tokens = [...tokens]
  }

  get done(): boolean {
    return this.at === this.tokens.length
  }

  get next(): Token | undefined {
    return this.tokens[this.at]
  }

  is(text: string): boolean {
    return this.next?.text === text
  }

  isFunction(): boolean {
    return this.next?.kind === 'function'
  }

  take(text: string): boolean {
    if (!this.is(text)) return false
    this.at++
    return true
  }

  /** A group, or the next token, as it is written. */
  words(): string {
    const first = this.next ?? fail()
    this.at++
    if (first.text !== '{') return first.text
    let words = ''
    for (let depth = 1; ; ) {
      const token = this.next ?? fail()
      this.at++
      if (token.text === '{') depth++
      if (token.text === '}' && --depth === 0) return words
      words += token.kind === 'text' ? token.text.slice(1, -1).trim() : token.text
    }
  }
}

/** One for all: to say where it came from takes longer than to read. */
export const unreadable = new Error('No expression.')

export function fail(): never {
  throw unreadable
}
