import { exactValue } from './exact.ts'
import type { Node } from './node.ts'

/**
 * An expression's value in a prime field, with names at pseudo-random places. Equal residues mean equal expressions
 * (Schwartz 1980, Zippel 1979: the chance of an accident is about the degree over 2^64). What is no rational function
 * enters as a residue of its own that only an equal part shares; `whole` tells that none did, so that different residues
 * mean different expressions too.
 */
export type Residue = { readonly value: bigint; readonly whole: boolean }

/** Undefined where the expression has no value: a division by zero. */
export function residueOf(node: Node): Residue | undefined {
  switch (node.kind) {
    case 'number': {
      const below = inverted(modulo(node.value.d))
      return below === undefined ? undefined : { value: modulo(node.value.n * below), whole: true }
    }
    case 'name':
      return { value: hashed(`name ${node.name}`), whole: true }
    case 'constant':
      return node.name === 'i' ? { value: imaginary, whole: true } : { value: hashed(node.name), whole: true }
    case 'sum':
      return fold(node.of, (a, b) => modulo(a + b), 0n)
    case 'product':
      return fold(node.of, (a, b) => modulo(a * b), 1n)
    case 'power':
      return powerOf(node.base, node.exponent)
    case 'call':
      return callOf(node)
  }
}

function fold(parts: readonly Node[], join: (a: bigint, b: bigint) => bigint, start: bigint): Residue | undefined {
  let [value, whole] = [start, true]
  for (const part of parts) {
    const next = residueOf(part)
    if (!next) return undefined
    value = join(value, next.value)
    whole &&= next.whole
  }
  return { value, whole }
}

function powerOf(base: Node, exponent: Node): Residue | undefined {
  const index = exactValue(exponent)
  const below = residueOf(base)
  if (!below) return undefined
  if (index?.d !== 1n || index.n > 1n << 64n || index.n < -(1n << 64n)) return opaque('power', [base, exponent])
  const value = powered(below.value, index.n < 0n ? -index.n : index.n)
  if (index.n >= 0n) return { value, whole: below.whole }
  const inverse = inverted(value)
  return inverse === undefined ? undefined : { value: inverse, whole: below.whole }
}

function callOf(node: Node & { kind: 'call' }): Residue | undefined {
  const value = exactValue(node)
  return value ? residueOf({ kind: 'number', value }) : opaque(node.name, node.of)
}

function opaque(name: string, parts: readonly Node[]): Residue | undefined {
  const residues = parts.map(residueOf)
  if (residues.some((residue) => !residue)) return undefined
  return { value: hashed(`${name} ${residues.map((residue) => residue?.value).join(' ')}`), whole: false }
}

/** The largest prime below 2^64; it leaves 1 over a multiple of 4, so that -1 has a root. */
const prime = (1n << 64n) - 59n

const modulo = (value: bigint) => {
  const rest = value % prime
  return rest < 0n ? rest + prime : rest
}

function powered(base: bigint, exponent: bigint): bigint {
  let [value, square, left] = [1n, base, exponent]
  for (; left > 0n; left >>= 1n) {
    if (left & 1n) value = (value * square) % prime
    square = (square * square) % prime
  }
  return value
}

const inverted = (value: bigint) => (value === 0n ? undefined : powered(value, prime - 2n))

/** 2 is no square modulo this prime, which is 5 over a multiple of 8. */
const imaginary = powered(2n, (prime - 1n) / 4n)

/** FNV-1a over 64 bits, squared once so that near texts do not give near residues. */
function hashed(text: string): bigint {
  let hash = 0xcbf29ce484222325n
  for (let at = 0; at < text.length; at++)
    hash = ((hash ^ BigInt(text.charCodeAt(at))) * 0x100000001b3n) & (2n ** 64n - 1n)
  return powered(modulo(hash), 5n)
}
