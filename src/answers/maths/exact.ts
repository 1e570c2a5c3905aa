import { type Arithmetic, evaluate } from './evaluate.ts'
import type { Node } from './node.ts'
import { plus, type Rational, raised, root, times } from './rational.ts'

/** The value of an expression that is a fraction; undefined for one that is not, or that is too large to write out. */
export const exactValue = (node: Node): Rational | undefined => evaluate(node, exact)

const exact: Arithmetic<Rational> = {
  number: (value) => value,
  name: () => undefined,
  add: (a, b) => bounded(plus(a, b)),
  multiply: (a, b) => bounded(times(a, b)),
  power: (base, { n, d }) => {
    const below = d <= 64n ? root(base, Number(d)) : undefined
    return below && raised(below, n)
  },
  call: ([value], { name }) => (name === 'factorial' && value?.d === 1n ? factorial(value.n) : undefined),
  known: new WeakMap(),
}

const largest = 1n << 80_000n
const bounded = (value: Rational) => (value.n < largest && -value.n < largest && value.d < largest ? value : undefined)

function factorial(n: bigint): Rational | undefined {
  if (n < 0n || n > 2000n) return undefined
  let value = 1n
  for (let factor = 2n; factor <= n; factor++) value *= factor
  return { n: value, d: 1n }
}
