/** A table in Markdown. A sign that would end a cell is escaped. */
export const table = (head: readonly string[], rows: readonly (readonly string[])[]) =>
  [head, head.map(() => '---'), ...rows]
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`)
    .map((line) => line.replaceAll(/\| {2}(?=\|)/g, '| '))
    .join('\n')
