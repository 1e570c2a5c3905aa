import { styleText } from 'node:util'

/** Where words go: a terminal, a pipe or a file. */
export type Output = { readonly isTTY?: boolean; readonly columns?: number; write(text: string): unknown }

export type Style = Parameters<typeof styleText>[0]

/** Colours on a terminal, none elsewhere or where NO_COLOR is set (https://no-color.org). */
export function painter(output: Output, { NO_COLOR }: Readonly<Record<string, string | undefined>> = process.env) {
  const coloured = output.isTTY === true && !NO_COLOR
  return (style: Style, text: string): string => (coloured ? styleText(style, text, { validateStream: false }) : text)
}

/** Rows as columns. On a terminal the last column is cut at the right margin. */
export function table(head: readonly string[], rows: readonly (readonly string[])[], output: Output): string {
  const paint = painter(output)
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column]!.length)))
  const line = (row: readonly string[]) => {
    const whole = row
      .map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column]!)))
      .join('  ')
    const room = output.isTTY ? output.columns || 80 : Infinity
    return whole.length > room ? `${whole.slice(0, room - 1)}…` : whole
  }
  return [paint('bold', line(head)), ...rows.map(line)].map((text) => `${text.trimEnd()}\n`).join('')
}
