import { Attention } from './attention.ts'
import type { Cache } from './cache.ts'
import type { Config } from './config.ts'
import { type Kernel, padded, width } from './kernel/kernel.ts'
import { addMatrices, type Matrix, row } from './matrix.ts'
import { gate, normalise } from './pointwise.ts'
import type { Weights } from './weights.ts'

/** The most tokens of one step: the samples that advance together, or so much of a prompt. */
export const widest = 32

type Layer = {
  readonly norm1: Float32Array
  /** Queries, keys and values at once: [3 dim][dim]. */
  readonly qkv: Matrix
  readonly out: Matrix
  readonly norm2: Float32Array
  /** Gate and up at once, each padded to whole panels. */
  readonly gateUp: Matrix
  readonly down: Matrix
}

/** The transformer. All its numbers live in the kernel's memory; a step allocates nothing. */
export class Network {
  readonly config: Config
  readonly #kernel: Kernel
  readonly #embed: Matrix
  readonly #layers: readonly Layer[]
  readonly #norm: Float32Array
  readonly #attention: Attention
  /** Room for the rows of a step: the residual stream, its norm, queries with keys and values, the mix, gate and up, logits. */
  readonly #stream: number
  readonly #normed: number
  readonly #qkv: number
  readonly #mixed: number
  readonly #gateUp: number
  readonly #logits: number

  constructor(kernel: Kernel, { config, tensor }: Weights) {
    const { dim, layers, hidden, vocab } = config
    this.config = config
    this.#kernel = kernel
    const matrix = (columns: number, ...names: string[]) => addMatrices(kernel, names.map(tensor), columns)
    this.#embed = matrix(dim, 'embed')
    this.#layers = Array.from({ length: layers }, (_, index) => {
      const at = `layers.${index}.`
      return {
        norm1: tensor(`${at}norm1`),
        qkv: matrix(dim, `${at}wq`, `${at}wk`, `${at}wv`),
        out: matrix(dim, `${at}wo`),
        norm2: tensor(`${at}norm2`),
        gateUp: matrix(dim, `${at}gate`, `${at}up`),
        down: matrix(hidden, `${at}down`),
      }
    })
    this.#norm = tensor('norm')
    this.#attention = new Attention(kernel, config)
    this.#stream = kernel.reserve(widest * dim)
    this.#normed = kernel.reserve(widest * dim)
    this.#qkv = kernel.reserve(widest * 3 * dim)
    this.#mixed = kernel.reserve(widest * dim)
    this.#gateUp = kernel.reserve(widest * 2 * padded(hidden))
    this.#logits = kernel.reserve(widest * padded(vocab))
  }

  /**
   * Appends one token to each of the caches, at most `widest`. A cache may come several times in a row: so a prompt is
   * read. Logits are computed for the tokens from index `from` on.
   */
  step(tokens: readonly number[], caches: readonly Cache[], from: number): void {
    const { dim, hidden } = this.config
    const rows = tokens.length
    const positions = caches.map((cache) => cache.extend())
    const { floats } = this.#kernel
    const [stream, normed, gateUp] = [this.#stream, this.#normed, this.#gateUp]
    for (const [index, token] of tokens.entries()) row(floats, this.#embed, token, stream + index * dim)
    for (const [index, { norm1, qkv, out, norm2, gateUp: widen, down }] of this.#layers.entries()) {
      this.#normalise(stream, norm1, rows)
      this.#multiply(this.#qkv, 3 * dim, normed, dim, rows, qkv, 0)
      this.#attention.mix(index, this.#qkv, this.#mixed, caches, positions)
      this.#multiply(stream, dim, this.#mixed, dim, rows, out, 1)
      this.#normalise(stream, norm2, rows)
      this.#multiply(gateUp, 2 * padded(hidden), normed, dim, rows, widen, 0)
      gate(floats, gateUp, rows, hidden)
      this.#multiply(stream, dim, gateUp, 2 * padded(hidden), rows, down, 1)
    }
    const wanted = rows - from
    this.#normalise(stream + from * dim, this.#norm, wanted)
    this.#multiply(this.#logits + from * this.#embed.outputs, this.#embed.outputs, normed, dim, wanted, this.#embed, 0)
  }

  /** The logits after the token at that index of the last step, one for each token of the vocabulary. Valid until the next. */
  logits(index: number): Float32Array {
    const at = this.#logits + index * this.#embed.outputs
    return this.#kernel.floats.subarray(at, at + this.config.vocab)
  }

  #normalise(from: number, gains: Float32Array, rows: number): void {
    normalise(this.#kernel.floats, from, this.#normed, rows, gains, this.config.eps)
  }

  #multiply(
    out: number,
    outStride: number,
    x: number,
    xStride: number,
    rows: number,
    { at, inputs, outputs }: Matrix,
    add: 0 | 1,
  ): void {
    const panels = outputs / width
    this.#kernel.multiply(out, outStride, x, xStride, rows, at, inputs, width, panels, inputs * width, add)
  }
}
