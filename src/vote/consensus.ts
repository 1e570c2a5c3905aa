import { canonicalJson, isObject } from '#answers'

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
  return Object.fromEntries(
    names.flatMap((name) => {
      const given = values.flatMap((value) => (Object.hasOwn(value, name) ? [value[name]] : []))
      return given.length * 2 > values.length ? [[name, agreed(given, numbers)]] : []
    }),
  )
}

/** The median of an even number is the lower one of the middle two, so that it is a value that somebody gave. */
function agreed(values: readonly unknown[], numbers: 'majority' | 'median'): unknown {
  const object = fieldConsensus(values, numbers)
  if (object) return object
  if (numbers === 'median' && values.every((value) => typeof value === 'number'))
    return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)]
  const keys = values.map((value) => canonicalJson(value))
  const counts = keys.map((key) => keys.filter((other) => other === key).length)
  return values[counts.indexOf(Math.max(...counts))]
}
