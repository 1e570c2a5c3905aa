import { isSaid, meanOf } from './logprobs.ts'
import type { TokenLogprob } from './scope.ts'

/**
 * How sure the model was of each token: the mean of the negative log-probabilities of the likeliest ones in its place,
 * which is high where one stands out and the others are unlikely (Fu et al., 2025).
 */
export const tokenConfidences = (tokens: readonly TokenLogprob[]): number[] =>
  tokens.flatMap(({ top_logprobs: top = [] }) => {
    const said = top.map(({ logprob }) => logprob).filter(isSaid)
    return said.length > 0 ? [-meanOf(said)] : []
  })

/** How sure the model was of a whole trace, of which there is at least one value. */
export const measures = {
  /** At its end, where the answer is decided. */
  tail: (values: readonly number[], window: number) => meanOf(values.slice(-window)),
  lowest: (values: readonly number[], window: number) => lowestOf(values, window, 0),
  /** In the lowest tenth of its windows. */
  bottom: (values: readonly number[], window: number) => lowestOf(values, window, 0.1),
  mean: (values: readonly number[]) => meanOf(values),
}

/** The mean of the last `size` of the values given so far; undefined until there are as many. */
export function sliding(size: number): (value: number) => number | undefined {
  const last: number[] = []
  let sum = 0
  let given = 0
  return (value) => {
    const at = given++ % size
    sum += value - (last[at] ?? 0)
    last[at] = value
    return given < size ? undefined : sum / size
  }
}

/** The mean of the lowest share of all windows, at least of one; a trace shorter than a window is one window. */
function lowestOf(values: readonly number[], window: number, share: number): number {
  const slide = sliding(window)
  const means = values.flatMap((value) => slide(value) ?? []).sort((a, b) => a - b)
  if (means.length === 0) return meanOf(values)
  return meanOf(means.slice(0, Math.max(1, Math.floor(share * means.length))))
}
