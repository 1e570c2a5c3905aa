import { InvalidArgumentError } from 'commander'

/** Reads a flag's number: a whole one above 0. */
export function count(text: string): number {
  if (/^[1-9]\d*$/.test(text)) return Number(text)
  throw new InvalidArgumentError('It is no whole number above 0.')
}

/** Reads a flag's number within bounds. */
export const within =
  (least: number, most: number) =>
  (text: string): number => {
    const value = Number(text)
    if (text.trim() !== '' && value >= least && value <= most) return value
    throw new InvalidArgumentError(`It is no number from ${least} to ${most}.`)
  }
