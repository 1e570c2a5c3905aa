import { Cursor, fail } from './cursor.ts'
import { call, inverse, type Node, named, negated, number, power, product, sum } from './node.ts'
import type { Token } from './tokens.ts'

const deepest = 60
export const closing: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}', '⌊': '⌋', '⌈': '⌉', '|': '|' }
const degree = product(named('π'), number(1n, 180n))

/** Reads what operators make of atoms, by recursive descent from sums down; what atoms are is another's business. */
export abstract class Operators extends Cursor {
  /** In how many functions of angles, and how many pairs of bars, the cursor stands. */
  protected angles = 0
  protected bars = 0
  #depth = 0

  protected abstract atom(): Node
  /** A whole number with a proper fraction right behind it. */
  protected abstract mixed(): Node | undefined

  sum(): Node {
    return this.#deeper(() => {
      const term = () => this.#signed(() => this.#term())
      const terms = [term()]
      while (this.is('+') || this.is('-')) terms.push(term())
      return sum(...terms)
    })
  }

  #deeper(read: () => Node): Node {
    if (++this.#depth > deepest) fail()
    const node = read()
    this.#depth--
    return node
  }

  #signed(read: () => Node): Node {
    let negative = false
    for (; this.is('+') || this.is('-'); this.at++) negative = negative !== this.is('-')
    return negative ? negated(read()) : read()
  }

  #term(): Node {
    const factors = [this.factor()]
    const factor = () => this.#signed(() => this.factor())
    while (true) {
      if (this.take('*')) factors.push(factor())
      else if (this.take('/')) factors.push(inverse(factor()))
      else if (this.startsFactor()) factors.push(this.factor())
      else return product(...factors)
    }
  }

  /** Whether what follows is multiplied without a sign. Numbers side by side, or words, are no product. */
  protected startsFactor(): boolean {
    const { kind, text } = this.next ?? nothing
    if (kind === 'number') return this.before?.text === '!'
    if (kind === 'word') return this.before?.kind !== 'word'
    if (kind === 'sign') return text in closing && (text !== '|' || this.bars === 0)
    return kind !== 'text'
  }

  /** An atom with what stands after it: factorials, degrees, percents, a power. */
  protected factor(): Node {
    let node = this.mixed() ?? this.atom()
    while (true) {
      if (this.take('!')) node = call('factorial', node)
      else if (this.take('%')) node = product(node, number(1n, 100n))
      else if (this.take('°')) node = this.angles > 0 ? product(node, degree) : node
      else if (this.is('^')) node = this.powered(node)
      else return node
    }
  }

  /** The base, with the exponent that may stand behind it. */
  protected powered(base: Node): Node {
    if (!this.take('^')) return base
    return power(
      base,
      this.#deeper(() => this.#signed(() => this.powered(this.atom()))),
    )
  }
}

const nothing: Pick<Token, 'kind' | 'text'> = { kind: 'text', text: '' }
