/** How to choose among the next tokens. */
export type Taste = {
  /** Divides the logits; 0 takes the likeliest token. */
  readonly temperature: number
  /** The likeliest tokens that together have this probability, 0 to 1, are chosen from; always at least one. */
  readonly topP: number
  /** How many of the likeliest tokens are chosen from; 0 is all. */
  readonly topK: number
}

/** Chooses tokens from a vocabulary of a given size. */
export class Sampler {
  /** By token id, its probability times the same number for all; scratch, so that no token costs an allocation. */
  readonly #masses: Float64Array
  readonly #ids: Uint16Array

  constructor(vocab: number) {
    this.#masses = new Float64Array(vocab)
    this.#ids = new Uint16Array(vocab)
  }

  /** @param chance a number from 0 up to, not including, 1 */
  choose(logits: Float32Array, { temperature, topP, topK }: Taste, chance: number): number {
    const best = nextBest(logits, -1)
    if (temperature === 0) return best
    const total = this.#weigh(logits, logits[best]!, temperature)
    const most = topK > 0 ? Math.min(topK, logits.length) : logits.length
    if (topP === 1 && most === logits.length) return this.#among(logits.length, total * chance, (id) => id)
    return this.#amongBest(topP * total, most, chance)
  }

  #weigh(logits: Float32Array, highest: number, temperature: number): number {
    let total = 0
    for (let id = 0; id < logits.length; id++) {
      const mass = Math.exp((logits[id]! - highest) / temperature)
      this.#masses[id] = mass
      total += mass
    }
    return total
  }

  #amongBest(enough: number, most: number, chance: number): number {
    let [count, mass, id] = [0, 0, -1]
    while (count < most && (count === 0 || mass < enough)) {
      id = nextBest(this.#masses, id)
      this.#ids[count++] = id
      mass += this.#masses[id]!
    }
    return this.#among(count, mass * chance, (at) => this.#ids[at]!)
  }

  /** Goes through tokens until `left` of their mass is used up. */
  #among(count: number, left: number, idAt: (at: number) => number): number {
    let last = idAt(0)
    for (let at = 0; at < count; at++) {
      const mass = this.#masses[idAt(at)]!
      if (mass === 0) continue
      last = idAt(at)
      left -= mass
      if (left < 0) break
    }
    // The subtractions may round to a little more than nothing, so that the last one is chosen after all.
    return last
  }
}

/**
 * The place that follows `last` in the order of falling values, equal ones by their place; the first one after -1, and -1
 * after the last one.
 */
export function nextBest(values: ArrayLike<number>, last: number): number {
  const bound = last < 0 ? Infinity : values[last]!
  let best = -1
  let most = -Infinity
  for (let at = 0; at < values.length; at++) {
    const value = values[at]!
    if (value > most && (value < bound || (value === bound && at > last))) {
      best = at
      most = value
    }
  }
  return best
}
