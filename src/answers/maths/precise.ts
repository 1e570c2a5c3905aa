import { exactValue } from './exact.ts'
import {
  arctangent,
  cosine,
  exponential,
  type Fixed,
  logarithm,
  one,
  over,
  pi,
  places,
  sine,
  squareRoot,
  times,
} from './fixed.ts'
import type { Node } from './node.ts'
import type { Point } from './numeric.ts'
import { points } from './points.ts'
import type { Rational } from './rational.ts'

/**
 * Whether two expressions that doubles cannot tell apart differ in their first fifty digits, as exp(pi sqrt(163)) and
 * the whole number next to it do. False where one cannot be evaluated so finely.
 */
export function differsPrecisely(a: Node, b: Node): boolean {
  for (const point of [points[0]!, points[10]!]) {
    const [x, y] = [fixedAt(a, point), fixedAt(b, point)]
    if (x === undefined || y === undefined) continue
    const largest = [magnitude(x), magnitude(y), one].reduce((m, n) => (n > m ? n : m))
    if (magnitude(x - y) > largest >> 170n) return true
  }
  return false
}

const magnitude = (value: Fixed) => (value < 0n ? -value : value)

function fixedAt(node: Node, point: Point): Fixed | undefined {
  switch (node.kind) {
    case 'number':
      return fixed(node.value)
    case 'name':
      return fixed(point(node.name))
    case 'constant':
      return node.name === 'π' ? pi : node.name === 'e' ? exponential(one) : undefined
    case 'sum':
      return fold(node.of, (a, b) => a + b, 0n, point)
    case 'product':
      return fold(node.of, times, one, point)
    case 'power':
      return powerAt(node.base, node.exponent, point)
    case 'call':
      return callAt(node.name, node.of, point)
  }
}

const fixed = ({ n, d }: Rational): Fixed | undefined => (n.toString(16).length > 1000 ? undefined : (n << places) / d)

function fold(parts: readonly Node[], join: (a: Fixed, b: Fixed) => Fixed, start: Fixed, point: Point) {
  let value: Fixed | undefined = start
  for (const part of parts) {
    const next = fixedAt(part, point)
    if (next === undefined || value === undefined) return undefined
    value = join(value, next)
    if (magnitude(value) >> (places * 8n) > 0n) return undefined
  }
  return value
}

function powerAt(base: Node, exponent: Node, point: Point): Fixed | undefined {
  const below = fixedAt(base, point)
  const index = exactValue(exponent)
  if (below === undefined) return undefined
  if (index?.n === 1n && index.d === 2n) return squareRoot(below)
  if (index?.d === 1n && magnitude(index.n) <= 64n) {
    let value = one
    for (let n = magnitude(index.n); n > 0n; n--) value = times(value, below)
    return index.n < 0n ? over(one, value) : value
  }
  const above = fixedAt(exponent, point)
  const odd = index !== undefined && index.d % 2n === 1n
  const log = logarithm(odd ? magnitude(below) : below)
  const value = log !== undefined && above !== undefined ? exponential(times(log, above)) : undefined
  return value !== undefined && odd && below < 0n && index.n % 2n !== 0n ? -value : value
}

function callAt(name: string, of: readonly Node[], point: Point): Fixed | undefined {
  const exact = exactValue({ kind: 'call', name, of })
  if (exact) return fixed(exact)
  const [first, second] = of.map((part) => fixedAt(part, point))
  if (first === undefined) return undefined
  if (name === 'log') {
    const [top, below] = [logarithm(first), second === undefined ? undefined : logarithm(second)]
    return top === undefined || below === undefined ? undefined : over(top, below)
  }
  return Object.hasOwn(functions, name) ? functions[name]?.(first) : undefined
}

const arcsine = (value: Fixed) => {
  const rest = squareRoot(one - times(value, value))
  const ratio = rest === undefined ? undefined : over(value, rest)
  return ratio === undefined ? undefined : arctangent(ratio)
}

const functions: Readonly<Record<string, (value: Fixed) => Fixed | undefined>> = {
  sin: sine,
  cos: cosine,
  tan: (value) => over(sine(value), cosine(value)),
  cot: (value) => over(cosine(value), sine(value)),
  sec: (value) => over(one, cosine(value)),
  csc: (value) => over(one, sine(value)),
  arcsin: arcsine,
  arccos: (value) => {
    const complement = arcsine(value)
    return complement === undefined ? undefined : pi / 2n - complement
  },
  arctan: arctangent,
  exp: exponential,
  ln: logarithm,
  abs: magnitude,
}
