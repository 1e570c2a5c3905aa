import type { Rational } from './rational.ts'

/** A mathematical expression. Differences and quotients are sums and products with -1 as a factor or an exponent. */
export type Node =
  | { readonly kind: 'number'; readonly value: Rational }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'constant'; readonly name: Constant }
  | { readonly kind: 'sum' | 'product'; readonly of: readonly Node[] }
  | { readonly kind: 'power'; readonly base: Node; readonly exponent: Node }
  | { readonly kind: 'call'; readonly name: string; readonly of: readonly Node[] }

export type Constant = 'π' | 'e' | 'i'

export const number = (n: bigint, d = 1n): Node => ({ kind: 'number', value: { n, d } })
export const sum = (...of: Node[]): Node => ({ kind: 'sum', of })
export const product = (...of: Node[]): Node => ({ kind: 'product', of })
export const power = (base: Node, exponent: Node): Node => ({ kind: 'power', base, exponent })
export const call = (name: string, ...of: Node[]): Node => ({ kind: 'call', name, of })
export const negated = (node: Node): Node =>
  node.kind === 'number' ? number(-node.value.n, node.value.d) : product(number(-1n), node)
export const inverse = (node: Node): Node => power(node, number(-1n))
export const minus = (a: Node, b: Node): Node => sum(a, negated(b))

/** The free names of an expression. */
export function namesIn(node: Node, found = new Set<string>()): Set<string> {
  if (node.kind === 'name') found.add(node.name)
  else for (const part of partsOf(node)) namesIn(part, found)
  return found
}

export function partsOf(node: Node): readonly Node[] {
  if (node.kind === 'power') return [node.base, node.exponent]
  return node.kind === 'sum' || node.kind === 'product' || node.kind === 'call' ? node.of : []
}

/** Whether some part of the expression, or the whole, is such. */
export const contains = (node: Node, such: (node: Node) => boolean): boolean =>
  such(node) || partsOf(node).some((part) => contains(part, such))
