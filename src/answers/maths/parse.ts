import { applied, Calls } from './calls.ts'
import { fail, unreadable } from './cursor.ts'
import { call, inverse, type Node, named, number, product, sum } from './node.ts'
import { closing } from './operators.ts'
import type { Token } from './tokens.ts'
import { calledNames, decorations, functionsByWord, wordConstants } from './words.ts'

/**
 * Reads tokens as one expression. Undefined unless every token has its place in it: a part of an expression is never
 * taken for the whole.
 */
export function parseExpression(tokens: readonly Token[]): Node | undefined {
  const parser = new Parser(tokens)
  try {
    const node = parser.sum()
    return parser.next ? undefined : node
  } catch (error) {
    if (error === unreadable) return undefined
    throw error
  }
}

class Parser extends Calls {
  protected atom(): Node {
    const token = this.needed()
    const { kind, text } = token
    if (kind === 'number') return this.#numeral(token)
    if (kind === 'name') return this.#named(text)
    if (kind === 'word') return this.#letters(text)
    if (kind === 'function') return this.function(functionsByWord[text]!)
    if (kind === 'command') return this.#command(text)
    if (text === '√') return this.rooted(number(2n))
    return this.#enclosed(text)
  }

  /** 2 1/2 and 2\frac{1}{2}, which are sums. */
  protected mixed(): Node | undefined {
    const [whole, next, slash, last, after] = this.tokens.slice(this.at, this.at + 5)
    if (whole?.kind !== 'number' || whole.value?.d !== 1n) return undefined
    const plain = next?.kind === 'number' && next.spaced && slash?.text === '/' && last?.kind === 'number'
    if (next?.text !== '\\frac' && !(plain && after?.text !== '^')) return undefined
    const start = this.at
    this.at += plain ? 1 : 2
    const top = this.digit()
    if (plain) this.at++
    const below = this.digit()
    if (top.kind === 'number' && below.kind === 'number' && top.value.d === 1n && below.value.d === 1n) {
      const [{ n }, { n: d }] = [top.value, below.value]
      if (n > 0n && n < d) return sum(number(whole.value.n), number(n, d))
    }
    this.at = start
    return plain ? fail() : undefined
  }

  /** Digits with a base behind them are not the number that they would be in base ten. */
  #numeral({ value, text }: Token): Node {
    if (!value) return fail()
    return this.is('_') ? named(text + this.#subscript()) : { kind: 'number', value }
  }

  #named(letter: string): Node {
    const symbol = wordConstants[letter] ?? letter
    const name = symbol + this.#subscript()
    const called = this.is('(') && !this.next?.spaced && calledNames.has(symbol)
    return called ? call(name, ...this.arguments()) : named(name)
  }

  /** What tells x_1, x1, x_{max} and x' from x. */
  #subscript(): string {
    const next = this.next
    const glued = next?.kind === 'number' && !next.spaced && /^\d+$/.test(next.text) && this.before?.kind === 'name'
    let text = glued || this.take('_') ? `_${this.words()}` : ''
    while (this.take("'")) text += "'"
    return text
  }

  /** Two or three letters in a row are factors; a longer word is one name, for it would be the same as its anagrams. */
  #letters(text: string): Node {
    const [, name, letter] = /^(sin|cos|tan|ln|log)([a-z])$/.exec(text) ?? []
    if (name) return applied(name, [named(letter!)])
    if (text.length > 3) return named(text + this.#subscript())
    const letters = [...text].map((letter): Token => ({ ...this.before!, kind: 'name', text: letter, spaced: false }))
    this.tokens.splice(--this.at, 1, ...letters)
    return product(...letters.map(() => this.powered(this.#named(this.needed().text))))
  }

  #command(command: string): Node {
    if (command === '\\frac') return product(this.digit(), inverse(this.digit()))
    if (command === '\\binom') {
      const [n, k] = [this.digit(), this.digit()]
      const factorial = (...of: Node[]) => call('factorial', sum(...of))
      return product(factorial(n), inverse(product(factorial(k), factorial(n, product(number(-1n), k)))))
    }
    return decorations.has(command) ? named(`${command} ${this.words()}${this.#subscript()}`) : fail()
  }

  #enclosed(open: string): Node {
    const bars = this.bars
    const close = closing[open] ?? fail()
    this.bars = open === '|' ? bars + 1 : 0
    const inner = this.sum()
    this.bars = bars
    this.needed(close)
    return bracketed[open] ? call(bracketed[open], inner) : inner
  }
}

const bracketed: Readonly<Record<string, string>> = { '|': 'abs', '⌊': 'floor', '⌈': 'ceil' }
