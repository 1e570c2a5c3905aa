/** One line of a data file. */
export type Row = Readonly<Record<string, unknown>>

/** The first of the fields that the row has. */
export function firstOf(row: Row, names: readonly string[]): unknown {
  const name = names.find((name) => row[name] !== undefined && row[name] !== null)
  return name === undefined ? undefined : row[name]
}
