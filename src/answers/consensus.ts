import { canonicalJson } from './json.ts'

/**
 * One object out of several of the same shape: each field by majority, a field being there if most have it; numbers by
 * their median if so asked. Ties go to the earliest. Undefined unless all are objects.
 */
export function fieldConsensus(
  values: readonly unknown[],
  numbers: 'majority' | 'median',
): Record<string, unknown> | undefined {
  if (values.length === 0 || !values.every(isObject)) return undefined
  const names = [...new Set(values.flatMap((value) => Object.keys(value)))]
  const kept = names.filter((name) => values.filter((value) => Object.hasOwn(value, name)).length * 2 > values.length)
  return Object.fromEntries(
    kept.map((name) => [
      name,
      agreed(
        values.flatMap((value) => (Object.hasOwn(value, name) ? [value[name]] : [])),
        numbers,
      ),
    ]),
  )
}

function agreed(values: readonly unknown[], numbers: 'majority' | 'median'): unknown {
  const objects = fieldConsensus(values, numbers)
  if (objects) return objects
  if (numbers === 'median' && values.every((value) => typeof value === 'number')) return median(values)
  const counts = new Map<string, { count: number; value: unknown }>()
  for (const value of values) {
    const key = canonicalJson(value)
    counts.set(key, { count: (counts.get(key)?.count ?? 0) + 1, value: counts.get(key)?.value ?? value })
  }
  return [...counts.values()].reduce((best, one) => (one.count > best.count ? one : best)).value
}

/** Of an even number the lower one of the middle two, so that it is a value that somebody gave. */
const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)]

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
