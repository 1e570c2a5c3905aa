export type Mark = { readonly at: number; readonly end: number; readonly mark: string }

/** Finds the first of some marks at or after a place, in either case; white space before a final `>` is looked through. */
export class Marks {
  readonly #pattern: RegExp
  readonly #any: string

  constructor(marks: readonly string[]) {
    const longestFirst = [...new Set(marks)].sort((a, b) => b.length - a.length)
    this.#any = longestFirst.map(source).join('|') || '(?!)'
    this.#pattern = new RegExp(this.#any, 'gi')
  }

  find(text: string, from = 0, such: (at: number) => boolean = () => true): Mark | undefined {
    this.#pattern.lastIndex = from
    for (let match = this.#pattern.exec(text); match; match = this.#pattern.exec(text))
      if (such(match.index)) return { at: match.index, end: this.#pattern.lastIndex, mark: plain(match[0]) }
    return undefined
  }

  /** The text without those that stand doubled at its edges. */
  trimmed(text: string): string {
    return text.replaceAll(new RegExp(`^(?:\\s*(?:${this.#any})){1,3}|(?:(?:${this.#any})\\s*){1,3}$`, 'gi'), '')
  }

  /** The text without any of them. */
  removed(text: string): string {
    return text.replaceAll(this.#pattern, '')
  }
}

const source = (mark: string) =>
  mark
    .replaceAll(/[$()*+.?[\\\]^{|}]/g, '\\$&')
    .replace(/^(<\/?\w[\w:]*)>$/, '$1\\s*>')
    .replaceAll("'", "['’]")
const plain = (found: string) => found.toLowerCase().replace(/\s+>$/, '>').replaceAll('’', "'")
