import type { Config } from './config.ts'

/**
 * Rotary positions: value i of a head and the one half a head further on are turned together, by
 * position · theta^(-2i / size).
 */
export class Rotary {
  readonly #half: number
  readonly #cosines: Float32Array
  readonly #sines: Float32Array

  constructor({ dim, heads, context, theta }: Config) {
    const half = dim / heads / 2
    this.#half = half
    const angles = Float64Array.from(
      { length: context * half },
      (_, index) => Math.floor(index / half) * theta ** (-(index % half) / half),
    )
    this.#cosines = Float32Array.from(angles, Math.cos)
    this.#sines = Float32Array.from(angles, Math.sin)
  }

  /** Turns the head at `at` to its position, and scales it. */
  turn(floats: Float32Array, at: number, position: number, scale: number): void {
    const half = this.#half
    for (let i = 0; i < half; i++) {
      const cosine = this.#cosines[position * half + i]! * scale
      const sine = this.#sines[position * half + i]! * scale
      const a = floats[at + i]!
      const b = floats[at + half + i]!
      floats[at + i] = a * cosine - b * sine
      floats[at + half + i] = a * sine + b * cosine
    }
  }
}
