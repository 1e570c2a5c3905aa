/** Nested settings, before anybody has looked whether they are any. */

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** What is at a place; undefined where there is nothing. */
export const at = (tree: unknown, keys: readonly string[]): unknown =>
  keys.reduce<unknown>(
    (inner, key) =>
      inner !== null && inner !== undefined && Object.hasOwn(inner, key) ? inner[key as never] : undefined,
    tree,
  )

/** The same tree with a value at a place. What is there in place of settings stays as it is. */
export function within(tree: unknown, [key, ...further]: readonly string[], value: unknown): unknown {
  if (key === undefined) return value
  if (tree !== undefined && !isRecord(tree)) return tree
  return { ...tree, [key]: within(at(tree, [key]), further, value) }
}
