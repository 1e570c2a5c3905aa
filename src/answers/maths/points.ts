import type { Point } from './numeric.ts'
import { rational } from './rational.ts'

/** From where to where the names stand, in 1000ths, and how many samples: small, negative, below one, an angle. */
const ranges = [
  { from: 1100, to: 4900, count: 5 },
  { from: -4700, to: -200, count: 4 },
  { from: 60, to: 940, count: 4 },
  { from: 1250, to: 6150, count: 4 },
]

/** Seventeen places to sample expressions at; a name's value depends on the name alone, so that both sides share it. */
export const points: readonly Point[] = ranges.flatMap(({ from, to, count }, range) =>
  Array.from(
    { length: count },
    (_, sample): Point =>
      (name) => {
        const spread = mixed(`${range} ${sample} ${name}`) % (to - from)
        return rational(BigInt(from + spread), 1000n)!
      },
  ),
)

/** Whole numbers, for expressions such as factorials that have no value between them. */
export const integerPoints: readonly Point[] = Array.from(
  { length: 5 },
  (_, sample): Point =>
    (name) => {
      return rational(BigInt(2 + (mixed(`${sample} ${name}`) % 9) + 2 * sample))!
    },
)

/** FNV-1a over 32 bits with a final mix. */
function mixed(text: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d)
  return (hash ^ (hash >>> 13)) >>> 0
}
