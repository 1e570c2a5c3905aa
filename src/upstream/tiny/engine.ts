import type { Ask } from './ask.ts'
import { Blocks, Cache } from './cache.ts'
import type { Kernel } from './kernel/kernel.ts'
import { Network, widest } from './network.ts'
import { type Piece, Sample } from './sample.ts'
import { Sampler } from './sampler.ts'
import { promptOf } from './template.ts'
import { type Tokenizer, tokenizer } from './tokenizer.ts'
import { turn } from './turn.ts'
import type { Weights } from './weights.ts'

/** Tokens between two turns of the event loop: some milliseconds. */
const enough = 16

/** The most samples under way at once, over all requests: their keys and values take up to 2 MB each. */
const seats = 64

/** A model ready to speak. Several requests may take turns on it. */
export class Engine {
  readonly tokenizer: Tokenizer
  readonly #network: Network
  readonly #blocks: Blocks
  readonly #sampler: Sampler
  #free = seats

  constructor(weights: Weights, kernel: Kernel) {
    this.tokenizer = tokenizer(weights.vocabulary)
    this.#network = new Network(kernel, weights)
    this.#blocks = new Blocks(kernel, weights.config)
    this.#sampler = new Sampler(weights.config.vocab)
  }

  get context(): number {
    return this.#network.config.context
  }

  promptOf({ turns, continues }: Ask): number[] {
    return promptOf(turns, continues, this.tokenizer)
  }

  /**
   * Draws the choices of a request, and gives what each step added to them. The prompt is read once; then all choices
   * advance together, and where one ends another begins, if it finds a seat. Stops when the signal is aborted, with its
   * reason, or when nobody takes what it gives.
   */
  async *generate(prompt: readonly number[], ask: Ask, signal: AbortSignal): AsyncGenerator<readonly Piece[]> {
    const limit = Math.min(ask.limit, this.context - prompt.length)
    const seed = ask.seed ?? crypto.randomUUID()
    const shared = new Cache(this.#blocks)
    let live: { readonly sample: Sample; readonly cache: Cache }[] = []
    const leave = (cache: Cache) => {
      cache.release()
      this.#free++
    }
    try {
      const first = await this.#read(prompt, shared, signal)
      for (let begun = 0; begun < ask.count || live.length > 0; ) {
        const pieces = live.map(({ sample }, row) => sample.take(this.#network.logits(row), this.#sampler))
        for (const { sample, cache } of live) if (sample.finished) leave(cache)
        live = live.filter(({ sample }) => !sample.finished)
        while (begun < ask.count && live.length < widest && this.#free > 0) {
          const sample = new Sample(begun++, ask, seed, limit, this.tokenizer)
          pieces.push(sample.take(first, this.#sampler))
          if (sample.finished) continue
          live.push({ sample, cache: shared.fork() })
          this.#free--
        }
        if (pieces.length > 0) yield pieces
        await this.#breathe(live.length || enough, signal)
        if (live.length > 0) this.#advance(live)
      }
    } finally {
      for (const { cache } of live) leave(cache)
      shared.release()
    }
  }

  #advance(live: readonly { readonly sample: Sample; readonly cache: Cache }[]): void {
    const [tokens, caches] = [live.map(({ sample }) => sample.last), live.map(({ cache }) => cache)]
    this.#network.step(tokens, caches, 0)
  }

  /** Reads a prompt into its cache. Returns a copy of the logits after it. */
  async #read(prompt: readonly number[], cache: Cache, signal: AbortSignal): Promise<Float32Array> {
    let rows = 0
    for (let at = 0; at < prompt.length; at += rows) {
      rows = Math.min(widest, prompt.length - at)
      await this.#breathe(rows, signal)
      this.#network.step(prompt.slice(at, at + rows), Array<Cache>(rows).fill(cache), rows - 1)
    }
    return this.#network.logits(rows - 1).slice()
  }

  #worked = 0

  /**
   * Lets the event loop turn every now and then, so that a server stays responsive and hears who has left. Counted
   * and not timed, because clocks of Workers stand still during the work.
   */
  async #breathe(tokens: number, signal: AbortSignal): Promise<void> {
    this.#worked += tokens
    if (this.#worked >= enough) {
      this.#worked = 0
      await turn()
    }
    signal.throwIfAborted()
  }
}
