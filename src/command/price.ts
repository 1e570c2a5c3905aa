import { InvalidArgumentError } from 'commander'
import type { Price } from '../eval/report/measure.ts'

/** Prices by model; that of '' is for all others. */
export type Prices = Readonly<Record<string, Price>>

/** Reads "0.15,0.60" (dollars for a million tokens in, and out) or "model=0.15,0.60", beside those that were given before. */
export function price(text: string, before: Prices = {}): Prices {
  const [, model = '', figures = ''] = /^(?:(.*)=)?([^=]*)$/.exec(text)!
  const [input, output, ...more] = figures.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)))
  if (!(input! >= 0 && output! >= 0 && more.length === 0))
    throw new InvalidArgumentError(
      'It is no price. One is 0.15,0.60: dollars for a million tokens in and out; or model=0.15,0.60.',
    )
  return { ...before, [model]: { input: input!, output: output! } }
}
