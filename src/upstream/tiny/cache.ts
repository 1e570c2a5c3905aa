import type { Config } from './config.ts'
import type { Kernel } from './kernel/kernel.ts'

/** Positions that one block of the cache holds. A multiple of a kernel's width. */
export const span = 64

/** Blocks of the kernel's memory for keys and values, used again when they are given back. */
export class Blocks {
  readonly #kernel: Kernel
  readonly #size: number
  readonly #free: number[] = []

  /** For every layer the keys [dim][span], so that positions lie side by side, then the values [span][dim]. */
  constructor(kernel: Kernel, { layers, dim }: Config) {
    this.#kernel = kernel
    this.#size = layers * 2 * dim * span
  }

  take(): number {
    return this.#free.pop() ?? this.#kernel.reserve(this.#size)
  }

  give(blocks: readonly number[]): void {
    this.#free.push(...blocks)
  }
}

/** The keys and values of one sequence of tokens, in blocks; those of a common beginning are shared. */
export class Cache {
  readonly #blocks: Blocks
  /** Where the blocks lie, and the position each begins at. */
  readonly places: number[] = []
  readonly starts: number[] = []
  #shared = 0
  /** Tokens that it holds. */
  length = 0

  constructor(blocks: Blocks) {
    this.#blocks = blocks
  }

  /** A sequence that begins with this one and goes on by itself. This one must neither grow nor be released before it. */
  fork(): Cache {
    const fork = new Cache(this.#blocks)
    fork.places.push(...this.places)
    fork.starts.push(...this.starts)
    fork.#shared = this.places.length
    fork.length = this.length
    return fork
  }

  /** Makes room for one more token. Returns its position. */
  extend(): number {
    const last = this.places.length - 1
    if (last < this.#shared || this.length - this.starts[last]! === span) {
      this.places.push(this.#blocks.take())
      this.starts.push(this.length)
    }
    return this.length++
  }

  release(): void {
    this.#blocks.give(this.places.splice(this.#shared))
    this.starts.length = this.places.length
  }
}
