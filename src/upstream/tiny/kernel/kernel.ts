/** How many outputs a kernel computes at once; matrices are stored in panels of so many. */
export const width = 8

/** `count` rounded up to whole panels. */
export const padded = (count: number): number => Math.ceil(count / width) * width

/**
 * The one operation that takes the time, over memory of its own. Places and strides count floats in that memory.
 *
 * A matrix [depth][outputs] lies in panels of eight outputs: value (k, 8 p + i) at `matrix + p * panel + k * step + i`.
 */
export interface Kernel {
  /** The memory. Another array after each `reserve`. */
  readonly floats: Float32Array
  /** Room for `length` floats, all 0, that is never given back; its place is a multiple of eight. */
  reserve(length: number): number
  /**
   * For each of `rows` rows: out[8 p + i] = Σ x[k] · matrix(k, 8 p + i), in the order of k, for `panels` panels.
   * With `add` 1 the sum begins with what is in `out`, with 0 it begins with 0. A row's result does not depend on
   * which others are with it.
   */
  multiply: Multiply
}

export type Multiply = (
  out: number,
  outStride: number,
  x: number,
  xStride: number,
  rows: number,
  matrix: number,
  depth: number,
  step: number,
  panels: number,
  panel: number,
  add: 0 | 1,
) => void
