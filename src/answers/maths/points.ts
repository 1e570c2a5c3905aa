import { hashed } from './hash.ts'
import { type Point, pointAt } from './numeric.ts'
import { rational } from './rational.ts'

/** From where to where the names stand, in 1000ths, and how many samples: of either sign, below one, an angle. */
const ranges = [
  [1100, 4900, 15],
  [60, 940, 4],
  [1250, 6150, 4],
] as const

/** Places to sample expressions at; a name's value depends on the name alone, so that both sides share it. */
export const points: readonly Point[] = ranges.flatMap(([from, to, count], range) =>
  Array.from({ length: count }, (_, sample) =>
    pointAt((name) => {
      const place = BigInt(from + (hashed(`${range} ${sample} ${name}`) % (to - from)))
      return rational(range === 0 && isNegative(name, sample) ? -place : place, 1000n)!
    }),
  ),
)

/**
 * The first five samples are positive. In the ten after them, each of five bits of a name decides its sign once one way
 * and once the other, so that of two names each is negative somewhere where the other is not.
 */
function isNegative(name: string, sample: number): boolean {
  const bits = [...name].reduce((sum, char) => sum + char.charCodeAt(0), 0)
  return sample >= 5 && ((bits >> (sample % 5)) & 1) === Math.floor(sample / 5) - 1
}

/** Whole numbers, for expressions such as factorials that have no value between them. */
export const integerPoints: readonly Point[] = Array.from({ length: 9 }, (_, sample) =>
  pointAt((name) => ({ n: BigInt(2 + (hashed(`${sample} ${name}`) % 9) + 2 * sample), d: 1n })),
)
