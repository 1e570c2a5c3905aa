import { type Cache, span } from './cache.ts'
import type { Config } from './config.ts'
import { type Kernel, padded, width } from './kernel/kernel.ts'
import { Rotary } from './rotary.ts'

/** Causal attention over cached keys and values. */
export class Attention {
  readonly #kernel: Kernel
  readonly #rotary: Rotary
  readonly #dim: number
  readonly #heads: number
  /** Room for the scores of one head: `span` for each block. A prompt's last block and a sample's may be part-filled. */
  readonly #scores: number

  constructor(kernel: Kernel, config: Config) {
    this.#kernel = kernel
    this.#rotary = new Rotary(config)
    this.#dim = config.dim
    this.#heads = config.heads
    this.#scores = kernel.reserve((Math.ceil(config.context / span) + 1) * span)
  }

  /**
   * Takes rows of queries, keys and values [3 dim], keeps keys and values in the rows' caches at their positions, and
   * writes what each row's heads saw, up to its own position, as rows [dim] to `out`.
   */
  mix(layer: number, qkv: number, out: number, caches: readonly Cache[], positions: readonly number[]): void {
    const dim = this.#dim
    for (const [row, cache] of caches.entries()) this.#keep(layer, qkv + row * 3 * dim, cache, positions[row]!)
    for (const [row, cache] of caches.entries())
      for (let head = 0; head < dim; head += dim / this.#heads)
        this.#look(layer, head, qkv + row * 3 * dim, out + row * dim, cache, positions[row]!)
  }

  #keep(layer: number, qkv: number, { places, starts }: Cache, position: number): void {
    const dim = this.#dim
    const { floats } = this.#kernel
    const size = dim / this.#heads
    const scale = 1 / Math.sqrt(size)
    for (let head = 0; head < dim; head += size) {
      this.#rotary.turn(floats, qkv + head, position, scale)
      this.#rotary.turn(floats, qkv + dim + head, position, 1)
    }
    let block = starts.length - 1
    while (starts[block]! > position) block--
    const keys = places[block]! + layer * 2 * dim * span
    const offset = position - starts[block]!
    for (let i = 0; i < dim; i++) floats[keys + i * span + offset] = floats[qkv + dim + i]!
    const values = keys + (span + offset) * dim
    for (let i = 0; i < dim; i++) floats[values + i] = floats[qkv + 2 * dim + i]!
  }

  /** One head, which begins at value `head` of a row. */
  #look(layer: number, head: number, query: number, out: number, { places, starts }: Cache, position: number): void {
    const dim = this.#dim
    const size = dim / this.#heads
    const scores = this.#scores
    const { floats, multiply } = this.#kernel
    const inLayer = layer * 2 * dim * span
    const end = position + 1
    let blocks = 0
    let highest = -Infinity
    for (; blocks < starts.length && starts[blocks]! < end; blocks++) {
      const at = scores + blocks * span
      const count = Math.min(end, starts[blocks + 1] ?? end) - starts[blocks]!
      const keys = places[blocks]! + inLayer + head * span
      multiply(at, 0, query + head, 0, 1, keys, size, span, padded(count) / width, width, 0)
      for (let i = at; i < at + count; i++) if (floats[i]! > highest) highest = floats[i]!
    }
    let sum = 0
    for (let block = 0; block < blocks; block++) {
      const at = scores + block * span
      const count = Math.min(end, starts[block + 1] ?? end) - starts[block]!
      for (let i = at; i < at + count; i++) {
        const weight = Math.exp(floats[i]! - highest)
        floats[i] = weight
        sum += weight
      }
      const values = places[block]! + inLayer + dim * span + head
      multiply(out + head, 0, at, 0, 1, values, count, dim, size / width, width, block === 0 ? 0 : 1)
    }
    for (let i = out + head; i < out + head + size; i++) floats[i] = floats[i]! / sum
  }
}
