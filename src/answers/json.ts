const deepest = 100

/**
 * JSON by value: keys in order, numbers by value, arrays in order, strings exact. What is nested too deep to be read
 * equals nothing.
 */
export function canonicalJson(value: unknown, depth = 0): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  if (depth > deepest) return `"unread ${unread++}"`
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item, depth + 1)).join(',')}]`
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item, depth + 1)}`).join(',')}}`
}

let unread = 0

/** The value of a JSON text, or undefined for one that cannot be read. A fence around it is looked through. */
export function parseJson(text: string): unknown {
  const inner = /^\s*```(?:json)?\s*\n([\s\S]*?)\n?```\s*$/i.exec(text)?.[1] ?? text
  try {
    const value: unknown = JSON.parse(inner)
    return isDeep(value) ? undefined : value
  } catch {
    return undefined
  }
}

/** Nothing that a person means nests as deep as this, and reading it would run out of stack. */
const isDeep = (value: unknown, left = deepest): boolean =>
  isContainer(value) && (left === 0 || Object.values(value).some((part) => isDeep(part, left - 1)))

const isContainer = (value: unknown): value is object => typeof value === 'object' && value !== null

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  isContainer(value) && !Array.isArray(value)
