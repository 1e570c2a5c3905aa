/** Whether a name is one that a pattern means: itself, or with `*` for any characters. */
export function matches(pattern: string, name: string): boolean {
  const parts = pattern.split('*')
  if (parts.length === 1) return pattern === name
  const [first, last] = [parts[0]!, parts.at(-1)!]
  if (name.length < first.length + last.length || !name.startsWith(first) || !name.endsWith(last)) return false
  let at = first.length
  for (const part of parts.slice(1, -1)) {
    const found = name.indexOf(part, at)
    if (found < 0) return false
    at = found + part.length
  }
  return at <= name.length - last.length
}

/** What a table says of a name: its own entry, else that of the pattern with the most characters. */
export function entryFor<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  if (Object.hasOwn(table, name)) return table[name]
  const [best] = Object.keys(table)
    .filter((pattern) => matches(pattern, name))
    .sort((a, b) => b.length - a.length)
  return best === undefined ? undefined : table[best]
}
