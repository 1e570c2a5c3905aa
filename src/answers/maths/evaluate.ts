import type { Node } from './node.ts'
import type { Rational } from './rational.ts'

/** A way to evaluate expressions: what numbers and names are in it, and how they are joined. Undefined: no value. */
export type Arithmetic<T> = {
  readonly number: (value: Rational) => T | undefined
  readonly name: (name: string) => T | undefined
  readonly add: (a: T, b: T) => T | undefined
  readonly multiply: (a: T, b: T) => T | undefined
  readonly power: (base: T, exponent: T, written: Node) => T | undefined
  readonly call: (of: readonly T[], written: Node & { kind: 'call' }) => T | undefined
  /** Members of lists are compared with many others, and exponents are asked for again with every sample. */
  readonly known: WeakMap<Node, T | undefined>
}

export function evaluate<T>(node: Node, by: Arithmetic<T>): T | undefined {
  if (node.kind === 'number') return by.number(node.value)
  if (node.kind === 'name') return by.name(node.name)
  if (!by.known.has(node)) by.known.set(node, evaluateParts(node, by))
  return by.known.get(node)
}

function evaluateParts<T>(node: Node & { of: readonly Node[] }, by: Arithmetic<T>): T | undefined {
  const of: T[] = []
  for (const part of node.of) {
    const value = evaluate(part, by)
    if (value === undefined) return undefined
    of.push(value)
  }
  if (node.kind === 'call') return by.call(of, node)
  if (node.kind === 'power') return by.power(of[0]!, of[1]!, node.of[1]!)
  const join = node.kind === 'sum' ? by.add : by.multiply
  return of.reduce<T | undefined>(
    (value, next) => value && join(value, next),
    by.number({ n: node.kind === 'sum' ? 0n : 1n, d: 1n }),
  )
}
