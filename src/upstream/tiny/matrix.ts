import { type Kernel, padded, width } from './kernel/kernel.ts'

/** A matrix in a kernel's memory, in panels. */
export type Matrix = {
  /** Where it begins. */
  readonly at: number
  readonly inputs: number
  /** Padded to whole panels; the weights of what was added are 0. */
  readonly outputs: number
}

/** Puts matrices [out][inputs] into the kernel's memory as one, the outputs of each padded to whole panels. */
export function addMatrices(kernel: Kernel, parts: readonly Float32Array[], inputs: number): Matrix {
  const outputs = parts.reduce((sum, { length }) => sum + padded(length / inputs), 0)
  const at = kernel.reserve(outputs * inputs)
  let panel = at
  for (const part of parts) {
    pack(kernel.floats, panel, part, inputs)
    panel += padded(part.length / inputs) * inputs
  }
  return { at, inputs, outputs }
}

function pack(floats: Float32Array, at: number, rows: Float32Array, inputs: number): void {
  for (let out = 0; out * inputs < rows.length; out++)
    for (let k = 0; k < inputs; k++) floats[placeOf(at, inputs, out, k)] = rows[out * inputs + k]!
}

/** Copies the weights of one output to `to`. */
export function row(floats: Float32Array, { at, inputs }: Matrix, out: number, to: number): void {
  for (let k = 0; k < inputs; k++) floats[to + k] = floats[placeOf(at, inputs, out, k)]!
}

const placeOf = (at: number, inputs: number, out: number, k: number) =>
  at + Math.floor(out / width) * inputs * width + k * width + (out % width)
