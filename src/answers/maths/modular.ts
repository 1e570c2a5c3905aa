import { type Arithmetic, evaluate } from './evaluate.ts'
import { exactValue } from './exact.ts'
import { hashed } from './hash.ts'
import type { Node } from './node.ts'

/**
 * An expression's value in a prime field, with names at pseudo-random places. Equal residues mean equal expressions
 * (Schwartz 1980, Zippel 1979: the chance of an accident is about the degree over 2^64). What is no rational function
 * enters as a residue of its own that only an equal part shares; `whole` tells that none did, so that different residues
 * mean different expressions too.
 */
export type Residue = { readonly value: bigint; readonly whole: boolean }

/** Undefined where the expression has no value: a division by zero. */
export const residueOf = (node: Node): Residue | undefined => evaluate(node, modular)

const modular: Arithmetic<Residue> = {
  number: ({ n, d }) => {
    const top = { value: modulo(n), whole: true }
    return d === 1n ? top : multiply(top, inverted({ value: modulo(d), whole: true }))
  },
  name: (name) => ({ value: name === 'i' ? imaginary : placed(name), whole: true }),
  add: (a, b) => ({ value: modulo(a.value + b.value), whole: a.whole && b.whole }),
  multiply,
  power: (base, exponent, written) => {
    const index = exactValue(written)
    if (index?.d !== 1n || index.n > prime || index.n < -prime) return opaque('power', [base, exponent])
    const positive = { ...base, value: powered(base.value, index.n < 0n ? -index.n : index.n) }
    return index.n < 0n ? inverted(positive) : positive
  },
  call: (of, written) => {
    const exact = exactValue(written)
    return exact ? modular.number(exact) : opaque(written.name, of)
  },
  known: new WeakMap(),
}

function multiply(a: Residue, b: Residue | undefined): Residue | undefined {
  return b && { value: modulo(a.value * b.value), whole: a.whole && b.whole }
}

const opaque = (name: string, of: readonly Residue[]): Residue => ({
  value: placed(`${name} ${of.map(({ value }) => value).join(' ')}`),
  whole: false,
})

/** The largest prime below 2^64; it leaves 1 over a multiple of 4, so that -1 has a root. */
const prime = (1n << 64n) - 59n

const modulo = (value: bigint) => {
  const rest = value % prime
  return rest < 0n ? rest + prime : rest
}

const inverted = ({ value, whole }: Residue) =>
  value === 0n ? undefined : { value: powered(value, prime - 2n), whole }

function powered(base: bigint, exponent: bigint): bigint {
  let [value, square] = [1n, base]
  for (let left = exponent; left > 0n; left >>= 1n) {
    if (left & 1n) value = (value * square) % prime
    square = (square * square) % prime
  }
  return value
}

/** 2 is no square modulo this prime, which is 5 over a multiple of 8. */
const imaginary = powered(2n, (prime - 1n) / 4n)

/** Where a name, or what is no rational function, stands in the field. */
const placed = (text: string) => modulo((BigInt(hashed(text)) << 32n) | BigInt(hashed(text, 0x9e3779b9)))
