import { padded } from './kernel/kernel.ts'

/** Divides each row by its root mean square (eps inside the root) and scales it by the gains. */
export function normalise(
  floats: Float32Array,
  from: number,
  to: number,
  rows: number,
  gains: Float32Array,
  eps: number,
): void {
  const { length } = gains
  for (let row = 0; row < rows; row++) {
    const at = from + row * length
    let squares = 0
    for (let i = 0; i < length; i++) squares += floats[at + i]! * floats[at + i]!
    const scale = 1 / Math.sqrt(squares / length + eps)
    for (let i = 0; i < length; i++) floats[to + row * length + i] = floats[at + i]! * scale * gains[i]!
  }
}

/** In rows of a gate and a value, each padded to whole panels: gate = silu(gate) · value. */
export function gate(floats: Float32Array, at: number, rows: number, hidden: number): void {
  const value = padded(hidden)
  for (let row = 0; row < rows; row++, at += 2 * value)
    for (let i = at; i < at + hidden; i++) {
      const x = floats[i]!
      floats[i] = (x / (1 + Math.exp(-x))) * floats[i + value]!
    }
}
