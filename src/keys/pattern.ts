/** Whether a name is one that a pattern means: itself, or with `*` for any characters. */
export function matches(pattern: string, name: string): boolean {
  if (!pattern.includes('*')) return pattern === name
  const parts = pattern.split('*')
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
  let best = ''
  for (const pattern of Object.keys(table)) if (pattern.length > best.length && matches(pattern, name)) best = pattern
  return best === '' ? undefined : table[best]
}
