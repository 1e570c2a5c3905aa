import type { Value } from './value.ts'

/** Program text in a fence: equal up to blank lines, margins, line ends and the kind of quotes. */
export function readCode(answer: string): Value | undefined {
  const text = /^\s*```[^\n`]*\n([\s\S]*?)\n?\s*```\s*$/.exec(answer)?.[1]
  if (text === undefined) return undefined
  const lines = text
    .replaceAll("'", '"')
    .split('\n')
    .filter((line) => line.trim() !== '')
  const margin = Math.min(...lines.map((line) => line.search(/\S/)))
  return { kind: 'text', key: `code ${lines.map((line) => line.slice(margin).trimEnd()).join('\n')}` }
}
