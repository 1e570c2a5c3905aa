import { heldBack } from '#answers'
import { cutAt } from '../stop.ts'
import type { Ask } from './ask.ts'
import { draws } from './draws.ts'
import { logprobOf, type TokenLogprob } from './logprobs.ts'
import type { Sampler } from './sampler.ts'
import type { Tokenizer } from './tokenizer.ts'

/** What one token added to a choice. */
export type Piece = {
  /** The choice's place among those of the request. */
  readonly index: number
  /** Text that is certain to be part of it; none while it may be the beginning of a stop string. */
  readonly content: string
  /** The token's likelihood, if the request asks for it. Tokens of a stop string are listed too; the end of the turn is not. */
  readonly logprob?: TokenLogprob
  readonly finish: 'stop' | 'length' | null
}

/** One choice as it comes about. */
export class Sample {
  readonly index: number
  readonly #ask: Ask
  readonly #tokenizer: Tokenizer
  readonly #limit: number
  readonly #next: () => number
  #held = ''
  /** Tokens so far, the one that ended the turn included. */
  count = 0
  /** The token to go on from. */
  last = 0
  finished = false

  /** @param limit the most tokens that it may take */
  constructor(index: number, ask: Ask, seed: number | string, limit: number, tokenizer: Tokenizer) {
    this.index = index
    this.#ask = ask
    this.#tokenizer = tokenizer
    this.#limit = limit
    this.#next = draws(seed, index)
  }

  /** Goes on by one token. */
  take(logits: Float32Array, sampler: Sampler): Piece {
    const { alternatives } = this.#ask
    const id = sampler.choose(logits, this.#ask, this.#next())
    this.last = id
    this.count++
    const { content, finish } = this.#tokenizer.ends(id) ? this.#end('stop') : this.#hear(this.#tokenizer.text(id))
    this.finished = finish !== null
    const listed = alternatives !== undefined && !this.#tokenizer.ends(id)
    const piece = { index: this.index, content, finish }
    return listed ? { ...piece, logprob: logprobOf(logits, id, alternatives, this.#tokenizer) } : piece
  }

  #hear(text: string): { content: string; finish: Piece['finish'] } {
    const { stops } = this.#ask
    this.#held += text
    const cut = cutAt(this.#held, stops)
    if (cut) return { content: cut.text, finish: 'stop' }
    if (this.count >= this.#limit) return this.#end('length')
    const certain = this.#held.length - heldBack(this.#held, stops)
    const content = this.#held.slice(0, certain)
    this.#held = this.#held.slice(certain)
    return { content, finish: null }
  }

  #end(finish: 'stop' | 'length') {
    return { content: this.#held, finish }
  }
}
