import type { Token } from '../maths/tokens.ts'
import { splitAt, written } from './split.ts'
import type { Value } from './value.ts'

/** A matrix environment, whichever its brackets; one column is a vector. Undefined unless every cell can be read. */
export function readMatrix(
  tokens: readonly Token[],
  read: (tokens: readonly Token[]) => Value | undefined,
): Value | undefined {
  const inner = environment(tokens)
  if (!inner) return undefined
  const rows = splitAt(inner, '⏎')
    .filter((row) => row.length > 0)
    .map((row) => splitAt(row, '&').map((cell) => read(cell)))
  if (rows.length === 0 || rows.flat().includes(undefined)) return undefined
  const inRows = rows as Value[][]
  return tuple(inRows.every(({ length }) => length === 1) ? inRows.flat() : inRows.map(tuple))
}

const tuple = (items: readonly Value[]): Value => ({ kind: 'tuple', open: '⟦', close: '⟧', items })

/** What stands between \begin{...} and \end{...}, with brackets around them or without. */
function environment(tokens: readonly Token[]): readonly Token[] | undefined {
  const bracketed = '(['.includes(tokens[0]?.text ?? 'x') && tokens[1]?.text === '\\begin'
  const body = bracketed ? tokens.slice(1, -1) : tokens
  const match = /^\\begin\{(\w*matrix|array)\}(\{[clr|]*\})?/.exec(written(body))
  const end = body.findIndex(({ text }) => text === '\\end')
  if (!match || end < 0 || body.length !== end + 4) return undefined
  const start = 4 + (match[2] ? body.slice(4).findIndex(({ text }) => text === '}') + 1 : 0)
  return body.slice(start, end)
}
