import type { Rational } from './rational.ts'

/** A mathematical expression. Differences and quotients are sums and products with -1 as a factor or an exponent. */
export type Node =
  | { readonly kind: 'number'; readonly value: Rational }
  /** π, e and i are names of something definite. */
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'sum' | 'product' | 'power'; readonly of: readonly Node[] }
  | { readonly kind: 'call'; readonly name: string; readonly of: readonly Node[] }

export const number = (n: bigint, d = 1n): Node => ({ kind: 'number', value: { n, d } })
export const named = (name: string): Node => ({ kind: 'name', name })
export const sum = (...of: Node[]): Node => joined('sum', of)
export const product = (...of: Node[]): Node => joined('product', of)
export const power = (...of: [base: Node, exponent: Node]): Node => ({ kind: 'power', of })
export const call = (name: string, ...of: Node[]): Node => ({ kind: 'call', name, of })
export const inverse = (node: Node): Node => power(node, number(-1n))
export const negated = (node: Node): Node =>
  node.kind === 'number' ? number(-node.value.n, node.value.d) : product(number(-1n), node)
export const minus = (a: Node, b: Node): Node => sum(a, negated(b))

const joined = (kind: 'sum' | 'product', of: Node[]): Node => (of.length === 1 ? of[0]! : { kind, of })

/** All names in an expression, constants among them. */
export const symbolsIn = (node: Node): readonly string[] =>
  node.kind === 'name' ? [node.name] : 'of' in node ? node.of.flatMap(symbolsIn) : []

/** The names that may stand for anything. */
export const namesIn = (node: Node): ReadonlySet<string> => new Set(symbolsIn(node).filter((name) => !isConstant(name)))

export const isConstant = (name: string): boolean => 'πei'.includes(name)
