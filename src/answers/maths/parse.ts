import { Cursor, fail, unreadable } from './cursor.ts'
import { exactValue } from './exact.ts'
import { call, inverse, type Node, negated, number, power, product, sum } from './node.ts'
import { decimal } from './rational.ts'
import type { Token } from './tokens.ts'
import { calledNames, functionsByWord, ofAngles, wordConstants } from './words.ts'

/**
 * Reads tokens as one expression. Undefined unless every token has its place in it: a part of an expression is never
 * taken for the whole.
 */
export function parseExpression(tokens: readonly Token[]): Node | undefined {
  const parser = new Parser(tokens)
  try {
    const node = parser.sum()
    return parser.done ? node : undefined
  } catch (error) {
    if (error === unreadable) return undefined
    throw error
  }
}

const deepest = 60
const closing: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}', '⌊': '⌋', '⌈': '⌉' }
const rounding: Readonly<Record<string, string>> = { '⌊': 'floor', '⌈': 'ceil' }
const i: Node = { kind: 'constant', name: 'i' }
const degree = product({ kind: 'constant', name: 'π' }, number(1n, 180n))

/** Recursive descent, from sums down to atoms. */
class Parser extends Cursor {
  #depth = 0
  #angles = 0
  #bars = 0

  sum(): Node {
    if (++this.#depth > deepest) fail()
    const terms = [this.#signed()]
    while (this.is('+') || this.is('-')) terms.push(this.#signed())
    this.#depth--
    return terms.length === 1 ? terms[0]! : sum(...terms)
  }

  /** A term with its sign. */
  #signed(): Node {
    const negative = this.take('-')
    if (!negative) this.take('+')
    const opposite = this.take('-')
    const term = this.#term()
    return negative !== opposite ? negated(term) : term
  }

  #term(): Node {
    const factors = [this.#factor()]
    while (true) {
      const before = this.tokens[this.at - 1]!
      if (this.take('*')) factors.push(this.#signedFactor())
      else if (this.take('/')) factors.push(inverse(this.#signedFactor()))
      else if (this.#startsFactor(before)) factors.push(this.#factor())
      else break
    }
    return factors.length === 1 ? factors[0]! : product(...factors)
  }

  #signedFactor(): Node {
    return this.take('-') ? negated(this.#signedFactor()) : this.#factor()
  }

  /** Whether what follows is multiplied without a sign. Numbers side by side, or words, are no product. */
  #startsFactor(before: Token): boolean {
    const next = this.next
    if (!next) return false
    if (next.kind === 'number') return before.text === '!'
    if (next.kind === 'word') return before.kind !== 'word'
    if (next.kind === 'name' || next.kind === 'function' || next.kind === 'command') return true
    if (next.text === '|') return this.#bars === 0
    return next.text in closing
  }

  /** An atom with what stands after it: factorials, degrees, percents, a power. */
  #factor(): Node {
    let node = this.#mixed() ?? this.#atom()
    for (let next = this.next?.text; ; next = this.next?.text) {
      if (next === '!') node = call('factorial', node)
      else if (next === '%') node = product(node, number(1n, 100n))
      else if (next === '°') node = this.#angles > 0 ? product(node, degree) : node
      else if (next === '^') {
        this.at++
        node = power(node, this.#exponent())
        continue
      } else return node
      this.at++
    }
  }

  #exponent(): Node {
    if (++this.#depth > deepest) fail()
    const negative = this.take('-')
    const base = this.#atom()
    const exponent = this.take('^') ? power(base, this.#exponent()) : base
    this.#depth--
    return negative ? negated(exponent) : exponent
  }

  /** A whole number with a proper fraction right behind it: 2 1/2, 2\frac{1}{2}. */
  #mixed(): Node | undefined {
    const [whole, next, slash, below, after] = this.tokens.slice(this.at, this.at + 5)
    if (whole?.kind !== 'number' || whole.value?.d !== 1n) return undefined
    if (
      next?.kind === 'number' &&
      next.spaced &&
      slash?.text === '/' &&
      below?.kind === 'number' &&
      after?.text !== '^'
    ) {
      this.at += 4
      return this.#proper(whole, number(next.value?.n ?? fail()), number(below.value?.n ?? fail())) ?? fail()
    }
    if (next?.text !== '\\frac') return undefined
    const start = this.at
    this.at += 2
    const mixed = this.#proper(whole, this.#argument(true), this.#argument(true))
    if (!mixed) this.at = start
    return mixed
  }

  #proper(whole: Token, top: Node, below: Node): Node | undefined {
    if (top.kind !== 'number' || below.kind !== 'number' || top.value.d !== 1n || below.value.d !== 1n) return undefined
    const { n } = top.value
    return n > 0n && n < below.value.n ? sum(number(whole.value!.n), number(n, below.value.n)) : undefined
  }

  #atom(): Node {
    const token = this.next ?? fail()
    this.at++
    if (token.kind === 'number') return this.#numeral(token)
    if (token.kind === 'name') return this.#named(token)
    if (token.kind === 'word') return this.#letters(token)
    if (token.kind === 'function') return this.#applied(token.text)
    if (token.kind === 'command') return this.#command(token.text)
    if (token.text === '√') return power(this.#argument(), number(1n, 2n))
    if (token.text === '|') return this.#absolute()
    return this.#enclosed(token.text)
  }

  /** Digits with a base behind them are not the number that they would be in base ten. */
  #numeral({ value, text }: Token): Node {
    if (!value) return fail()
    if (!this.is('_')) return { kind: 'number', value }
    return { kind: 'name', name: text + this.#subscript() }
  }

  #enclosed(open: string): Node {
    const close = closing[open] ?? fail()
    const bars = this.#bars
    this.#bars = 0
    const inner = this.sum()
    this.#bars = bars
    if (!this.take(close)) fail()
    const name = rounding[open]
    return name ? call(name, inner) : inner
  }

  #absolute(): Node {
    this.#bars++
    const inner = this.sum()
    this.#bars--
    if (!this.take('|')) fail()
    return call('abs', inner)
  }

  #named({ text }: Token): Node {
    const symbol = wordConstants[text] ?? text
    const name = symbol + this.#subscript()
    if (name === 'π' || name === 'e' || name === 'i') return { kind: 'constant', name }
    const next = this.next
    if (next?.text === '(' && !next.spaced && calledNames.has(symbol)) return call(name, ...this.#arguments())
    return { kind: 'name', name }
  }

  /** What tells x_1, x1, x_{max} and x' from x. */
  #subscript(): string {
    let text = ''
    const next = this.next
    if (
      next?.kind === 'number' &&
      !next.spaced &&
      /^\d+$/.test(next.text) &&
      this.tokens[this.at - 1]?.kind === 'name'
    ) {
      this.at++
      text = `_${next.text}`
    } else if (this.take('_')) text = `_${this.words()}`
    while (this.take("'")) text += "'"
    return text
  }

  /** Two or three letters in a row are factors; a longer word is one name, for it would be the same as its anagrams. */
  #letters({ text }: Token): Node {
    const glued = /^(sin|cos|tan|ln|log)([a-z])$/.exec(text)
    if (glued) return call(functionsByWord[glued[1]!]!, { kind: 'name', name: glued[2]! })
    if (text.length > 3) return { kind: 'name', name: text + this.#subscript() }
    const last = { kind: 'name', text: text.slice(-1), spaced: false, from: 0, to: 0 } as const
    this.tokens[this.at - 1] = last
    const letters = [...text.slice(0, -1)].map((name) => this.#constant(name))
    return product(...letters, this.take('^') ? power(this.#named(last), this.#exponent()) : this.#named(last))
  }

  #constant(name: string): Node {
    return name === 'e' || name === 'i' ? { kind: 'constant', name } : { kind: 'name', name }
  }

  #applied(word: string): Node {
    const name = functionsByWord[word]!
    if (name === 'sqrt' || name === 'cbrt') return this.#rooted(name)
    const base = name === 'log' && this.take('_') ? this.#argument() : name === 'lg' ? number(10n) : undefined
    const raised = this.take('^') ? this.#exponent() : undefined
    if (ofAngles.has(name)) this.#angles++
    const of = this.is('(') ? this.#arguments() : [this.#operand()]
    if (ofAngles.has(name)) this.#angles--
    const inverted = raised?.kind === 'number' && raised.value.n === -1n && raised.value.d === 1n && ofAngles.has(name)
    if (inverted) return call(`arc${name}`, ...of)
    const value = applied(name, of, base)
    return raised ? power(value, raised) : value
  }

  #rooted(name: string): Node {
    const index = name === 'cbrt' ? number(3n) : this.take('[') ? this.#until(']') : number(2n)
    const under = this.#argument()
    const square = index.kind === 'number' && index.value.n === 2n ? exactValue(under) : undefined
    if (square && square.n < 0n) return product(i, power(number(-square.n, square.d), inverted(index)))
    return power(under, inverted(index))
  }

  /** What a function without parentheses is applied to: factors up to the next function or sign. */
  #operand(): Node {
    if (this.isFunction()) return this.#factor()
    const factors = [this.#factor()]
    while (this.#startsFactor(this.tokens[this.at - 1]!) && !this.isFunction() && !this.is('('))
      factors.push(this.#factor())
    return factors.length === 1 ? factors[0]! : product(...factors)
  }

  #arguments(): Node[] {
    this.at++
    const of = [this.sum()]
    while (this.take(',')) of.push(this.sum())
    if (!this.take(')')) fail()
    return of
  }

  #until(close: string): Node {
    const node = this.sum()
    return this.take(close) ? node : fail()
  }

  /** A group in braces or parentheses, or one token; of a numeral right behind a command only the first digit. */
  #argument(oneDigit = false): Node {
    const next = this.next ?? fail()
    const before = this.tokens[this.at - 1]
    if (oneDigit && next.kind === 'number' && /^\d\d+$/.test(next.text) && before?.to === next.from) {
      const digit = { ...next, text: next.text[0]!, value: decimal(next.text[0]!)!, to: next.from + 1 }
      const rest = { ...next, text: next.text.slice(1), value: decimal(next.text.slice(1))!, from: next.from + 1 }
      this.tokens.splice(this.at, 1, digit, rest)
    }
    return this.#atom()
  }

  #command(command: string): Node {
    if (command === '\\frac') {
      const top = this.#argument(true)
      return product(top, inverse(this.#argument(true)))
    }
    if (command === '\\sqrt') return this.#rooted('sqrt')
    if (command === '\\binom') {
      const top = this.#argument(true)
      return call('binomial', top, this.#argument(true))
    }
    if (decorations.has(command)) return { kind: 'name', name: `${command} ${this.words()}${this.#subscript()}` }
    return fail()
  }
}

const decorations = new Set([
  '\\vec',
  '\\hat',
  '\\bar',
  '\\overline',
  '\\tilde',
  '\\dot',
  '\\overrightarrow',
  '\\widehat',
])

const inverted = (node: Node): Node =>
  node.kind === 'number' && node.value.n > 0n ? number(node.value.d, node.value.n) : inverse(node)

/** A logarithm without a base may be to base ten or e: it equals neither, and stays what it is. */
function applied(name: string, of: Node[], base: Node | undefined): Node {
  if (name === 'exp' && of.length === 1) return power({ kind: 'constant', name: 'e' }, of[0]!)
  if (name === 'lg') return call('log', ...of, number(10n))
  if (name === 'log')
    return call('log', ...of, ...(of.length > 1 ? [] : [base ?? { kind: 'name' as const, name: 'log' }]))
  return call(name, ...of)
}
