import { InvalidArgumentError } from 'commander'
import type { Price } from '../eval/report/measure.ts'

/** Reads "0.15,0.60": dollars for a million tokens in, and out. */
export function price(text: string): Price {
  const [input, output, ...more] = text.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)))
  if (input! >= 0 && output! >= 0 && more.length === 0) return { input: input!, output: output! }
  throw new InvalidArgumentError('It is no price. One is 0.15,0.60: dollars for a million tokens in and out.')
}
