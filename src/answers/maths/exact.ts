import type { Node } from './node.ts'
import { bits, plus, type Rational, raised, root, times } from './rational.ts'

/** The value of an expression that is a fraction; undefined for one that is not, or that is too large to write out. */
export function exactValue(node: Node): Rational | undefined {
  if (node.kind === 'number') return node.value
  if (node.kind === 'name' || node.kind === 'constant') return undefined
  if (!known.has(node)) known.set(node, evaluate(node))
  return known.get(node)
}

/** Every sample of an expression asks again for the values of its exponents. */
const known = new WeakMap<Node, Rational | undefined>()

function evaluate(node: Node): Rational | undefined {
  switch (node.kind) {
    case 'sum':
      return fold(node.of, plus, { n: 0n, d: 1n })
    case 'product':
      return fold(node.of, times, { n: 1n, d: 1n })
    case 'power':
      return powerValue(exactValue(node.base), exactValue(node.exponent))
    case 'call':
      return calls[node.name]?.(node.of)
    default:
      return undefined
  }
}

function fold(parts: readonly Node[], join: typeof plus, start: Rational): Rational | undefined {
  let value = start
  for (const part of parts) {
    const next = exactValue(part)
    if (!next) return undefined
    value = join(value, next)
    if (bits(value) > 80_000) return undefined
  }
  return value
}

function powerValue(base: Rational | undefined, exponent: Rational | undefined): Rational | undefined {
  if (!base || !exponent || exponent.d > 64n) return undefined
  const below = root(base, Number(exponent.d))
  return below && raised(below, exponent.n)
}

const calls: Readonly<Record<string, (of: readonly Node[]) => Rational | undefined>> = {
  factorial: ([of]) => factorialOf(wholeNumber(of)),
  binomial: ([n, k]) => binomialOf(wholeNumber(n), wholeNumber(k)),
}

function wholeNumber(node: Node | undefined): number | undefined {
  const value = node && exactValue(node)
  return value && value.d === 1n && value.n >= 0n && value.n <= 2000n ? Number(value.n) : undefined
}

function factorialOf(n: number | undefined): Rational | undefined {
  if (n === undefined) return undefined
  for (let factor = factorials.length; factor <= n; factor++) factorials.push(factorials[factor - 1]! * BigInt(factor))
  return { n: factorials[n]!, d: 1n }
}

/** Each is a step from the one before. */
const factorials = [1n]

function binomialOf(n: number | undefined, k: number | undefined): Rational | undefined {
  if (n === undefined || k === undefined) return undefined
  let value = k > n ? 0n : 1n
  for (let i = 0; i < Math.min(k, n - k); i++) value = (value * BigInt(n - i)) / BigInt(i + 1)
  return { n: value, d: 1n }
}
