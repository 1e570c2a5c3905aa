import { randomFrom } from '#core'
import { share } from './share.ts'

/** A value with its 95 % interval. */
export type Estimate = { readonly value: number; readonly low: number; readonly high: number }

/** A value for each question, undefined where there is none. */
export type Values = readonly (number | undefined)[]

const rounds = 2000

/**
 * Means with 95 % intervals, by drawing the questions anew with replacement (Efron, 1979; the percentile method). The
 * same questions are drawn for all, from the same seed.
 */
export class Bootstrap {
  readonly #draws: readonly Uint32Array[]

  constructor(questions: number, seed = 1) {
    const random = randomFrom('bootstrap', seed)
    this.#draws = Array.from({ length: questions > 0 ? rounds : 0 }, () =>
      Uint32Array.from({ length: questions }, () => Math.floor(random() * questions)),
    )
  }

  /** In [0, 1] for shares. Undefined where nothing has a value. */
  mean(values: Values): Estimate | undefined {
    const value = meanOf(values)
    if (value === undefined) return undefined
    const means = this.#draws.map((draw) => drawnMean(values, draw)).filter((mean) => mean !== undefined)
    means.sort((a, b) => a - b)
    const at = (part: number) => means[Math.min(means.length - 1, Math.floor(part * means.length))]!
    return { value, low: at(0.025), high: at(0.975) }
  }

  /** Of shares: where all questions come out alike there is nothing to draw from, and Wilson's interval stands in. */
  share(values: Values): Estimate | undefined {
    const known = values.filter((value) => value !== undefined)
    const [first] = known
    return known.every((value) => value === first) && (first === 0 || first === 1)
      ? share(first * known.length, known.length)
      : this.mean(values)
  }
}

export function meanOf(values: Values): number | undefined {
  const known = values.filter((value) => value !== undefined)
  return known.length === 0 ? undefined : known.reduce((sum, value) => sum + value, 0) / known.length
}

function drawnMean(values: Values, draw: Uint32Array): number | undefined {
  let sum = 0
  let count = 0
  for (const at of draw) {
    const value = values[at]
    if (value === undefined) continue
    sum += value
    count++
  }
  return count === 0 ? undefined : sum / count
}
