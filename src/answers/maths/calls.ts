import { fail } from './cursor.ts'
import { exactValue } from './exact.ts'
import { call, inverse, type Node, named, number, power, product } from './node.ts'
import { Operators } from './operators.ts'
import { decimal } from './rational.ts'
import type { Token } from './tokens.ts'
import { ofAngles } from './words.ts'

/** Reads what functions and commands are applied to, with parentheses, braces or neither. */
export abstract class Calls extends Operators {
  protected function(name: string): Node {
    if (name === 'sqrt') {
      if (!this.take('[')) return this.rooted(number(2n))
      const index = this.sum()
      this.needed(']')
      return this.rooted(index)
    }
    const base = name === 'log' && this.take('_') ? this.digit() : undefined
    const inverted = ofAngles.has(name) && this.#invertedFunction()
    const raised = this.powered(placeholder)
    if (ofAngles.has(name)) this.angles++
    const of = this.is('(') ? this.arguments() : [this.#operand()]
    if (ofAngles.has(name)) this.angles--
    const value = applied(inverted ? `a${name}` : name, of, base)
    return raised.kind === 'power' ? power(value, raised.of[1]!) : value
  }

  /** sin^{-1} is no power. */
  #invertedFunction(): boolean {
    const start = this.at
    const inverted = this.take('^') && /^-1$/.test(this.is('-') ? this.needed().text + this.words() : this.words())
    if (!inverted) this.at = start
    return inverted
  }

  protected rooted(index: Node): Node {
    const under = this.atom()
    const [value, root] = [exactValue(under), exactValue(index)]
    const turned = root && root.n > 0n ? number(root.d, root.n) : inverse(index)
    if (value && value.n < 0n && root?.n === 2n) return product(named('i'), power(number(-value.n, value.d), turned))
    return power(under, turned)
  }

  /** What a function without parentheses is applied to: factors up to the next function or sign. */
  #operand(): Node {
    const factors = [this.factor()]
    if (this.tokens[this.at - 1]?.kind !== 'function')
      while (this.startsFactor() && this.next?.kind !== 'function' && !this.is('(')) factors.push(this.factor())
    return product(...factors)
  }

  protected arguments(): Node[] {
    this.needed('(')
    const of = [this.sum()]
    while (this.take(',')) of.push(this.sum())
    this.needed(')')
    return of
  }

  /** The argument of a command: a group or one token; of a numeral right behind it only the first digit. */
  protected digit(): Node {
    const next = this.next ?? fail()
    if (/^\d\d+$/.test(next.text) && this.before?.to === next.from) {
      const part = (text: string, from: number): Token => ({ ...next, text, value: decimal(text)!, from, to: from + 1 })
      this.tokens.splice(this.at, 1, part(next.text[0]!, next.from), part(next.text.slice(1), next.from + 1))
    }
    return this.atom()
  }
}

const reciprocals: Readonly<Record<string, string>> = { sec: 'cos', csc: 'sin', cot: 'tan' }
const placeholder = number(1n)

/** A logarithm without a base may be to base ten or e: it equals neither, and stays what it is. */
export function applied(name: string, of: readonly Node[], base?: Node): Node {
  const [first, second] = of as readonly [Node, Node?]
  if (name === 'exp') return power(named('e'), first)
  if (name === 'lg') return applied('log', of, number(10n))
  if (name === 'log') return product(call('ln', first), inverse(call('ln', second ?? base ?? named('log'))))
  return reciprocals[name] ? inverse(call(reciprocals[name], ...of)) : call(name, ...of)
}
