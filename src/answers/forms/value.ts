import type { Node } from '../maths/node.ts'

/** What an answer was understood as. Values of different kinds are compared only where a rule says how. */
export type Value =
  /** Words, code, dates and the like: equal if their keys are. */
  | { readonly kind: 'text'; readonly key: string }
  | { readonly kind: 'choice'; readonly letter: string; readonly rest: string }
  | Quantity
  | List
  | Tuple
  | Region
  /** The parts after the first as multiples of it; all as they stand if it is literal, as a time is. */
  | { readonly kind: 'ratio'; readonly items: readonly Value[]; readonly literal: boolean }
  | Named
  /** How a difference stands to nothing. */
  | { readonly kind: 'relation'; readonly difference: Node; readonly sign: '=' | '<' | '≤' | '≠' }

export type Quantity = {
  readonly kind: 'quantity'
  readonly node: Node
  /** Empty for a bare number. */
  readonly unit: string
  readonly percent: boolean
  /** How the number was written, if it is a plain decimal: rounding needs to know how many digits it claims. */
  readonly numeral?: string
}

/** A record is a list of named values. `subject`: what has all these values. */
export type List = {
  readonly kind: 'list'
  readonly items: readonly Value[]
  readonly ordered: boolean
  readonly subject?: string
}

/** Vectors, intervals and, in ⟦ ⟧ of their own, the rows of a matrix and what is in them. */
export type Tuple = {
  readonly kind: 'tuple'
  readonly open: string
  readonly close: string
  readonly items: readonly Value[]
}

/** Something with a name, as x = 3. The name is only looked at if the other side has one too. */
export type Named = {
  readonly kind: 'named'
  readonly name: string
  readonly value: Value
  /** The same as an equation, where both sides are expressions. */
  readonly difference?: Node
}

/** Intervals of the real line, in order, and what lies in them. */
export type Region = { readonly kind: 'region'; readonly parts: readonly Interval[]; readonly subject?: string }

export type Interval = {
  readonly low: Node | undefined
  readonly high: Node | undefined
  readonly lowClosed: boolean
  readonly highClosed: boolean
}
