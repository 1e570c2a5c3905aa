import { add, type Complex, invert, logarithm, multiply, power, real } from './complex.ts'
import { exactValue } from './exact.ts'
import { functions } from './functions.ts'
import type { Node } from './node.ts'
import { type Rational, toNumber } from './rational.ts'

/** Where the names of an expression stand in one sample. */
export type Point = (name: string) => Rational

/** The value at a point in doubles, with an error bound; undefined where there is none or it cannot be told. */
export function valueAt(node: Node, point: Point): Complex | undefined {
  switch (node.kind) {
    case 'number':
      return finite(real(toNumber(node.value)))
    case 'name':
      return real(toNumber(point(node.name)))
    case 'constant':
      return constants[node.name]
    case 'sum':
      return fold(node.of, add, real(0), point)
    case 'product':
      return fold(node.of, multiply, real(1), point)
    case 'power':
      return powerAt(node.base, node.exponent, point)
    case 'call':
      return callAt(node, point)
  }
}

function fold(
  parts: readonly Node[],
  join: (a: Complex, b: Complex) => Complex | undefined,
  start: Complex,
  point: Point,
): Complex | undefined {
  let value: Complex | undefined = start
  for (const part of parts) {
    const next = valueAt(part, point)
    value = next && value && finite(join(value, next))
    if (!value) return undefined
  }
  return value
}

function powerAt(base: Node, exponent: Node, point: Point): Complex | undefined {
  const below = valueAt(base, point)
  const index = exactValue(exponent)
  if (index?.n === -1n && index.d === 1n) return below && finite(invert(below))
  const above = valueAt(exponent, point)
  const oddRoot = index !== undefined && index.d % 2n === 1n && index.n % 2n !== 0n
  const evenRoot = index !== undefined && index.d % 2n === 1n && index.d > 1n && index.n % 2n === 0n
  if (!below || !above) return undefined
  const value =
    evenRoot && below.im === 0 ? power({ ...below, re: Math.abs(below.re) }, above) : power(below, above, oddRoot)
  return finite(value)
}

function callAt(node: Node & { kind: 'call' }, point: Point): Complex | undefined {
  const { name, of } = node
  const exact = exactValue(node)
  if (exact) return finite(real(toNumber(exact)))
  const [first, second] = of.map((part) => valueAt(part, point))
  if (!first) return undefined
  if (name === 'log') {
    const [top, below] = [logarithm(first), second && logarithm(second)]
    const inverse = below && invert(below)
    return top && inverse && finite(multiply(top, inverse))
  }
  if (name === 'factorial' || name === 'binomial') return countedAt(name, first, second)
  return finite(Object.hasOwn(functions, name) ? functions[name]?.(first) : undefined)
}

/** Factorials and binomials at whole numbers, for samples at whole numbers. */
function countedAt(name: string, first: Complex, second: Complex | undefined): Complex | undefined {
  const whole = [first, second].flatMap((value) => (value ? [value] : []))
  if (whole.some(({ re, im }) => im !== 0 || !Number.isInteger(re) || re < 0 || re > 170)) return undefined
  const of = whole.map(({ re }): Node => ({ kind: 'number', value: { n: BigInt(re), d: 1n } }))
  const exact = exactValue({ kind: 'call', name, of })
  return exact && finite(real(toNumber(exact)))
}

const finite = (value: Complex | undefined) =>
  value && Number.isFinite(value.re) && Number.isFinite(value.im) && Number.isFinite(value.error) ? value : undefined

const constants = { π: real(Math.PI), e: real(Math.E), i: { re: 0, im: 1, error: 0 } }
