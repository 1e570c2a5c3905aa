/** A share with its 95 % interval (Wilson, 1927), all in [0, 1]. */
export type Share = { readonly value: number; readonly low: number; readonly high: number }

export function share(right: number, of: number): Share {
  const z = 1.96
  const value = right / of
  const middle = (value + z ** 2 / (2 * of)) / (1 + z ** 2 / of)
  const half = (z / (1 + z ** 2 / of)) * Math.sqrt((value * (1 - value)) / of + z ** 2 / (4 * of ** 2))
  return { value, low: middle - half, high: middle + half }
}

export const percent = (value: number): string => (100 * value).toFixed(1)
