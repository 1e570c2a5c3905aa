import type { Value } from './value.ts'

/** Program text, in a fence or plainly recognisable: equal up to blank lines, line ends and the kind of quotes. */
export function readCode(answer: string): Value | undefined {
  const fenced = /^\s*```[^\n`]*\n([\s\S]*?)\n?\s*```\s*$/.exec(answer)?.[1]
  const text = fenced ?? answer
  if (fenced === undefined && !(text.includes('\n') && likely.test(text)) && !oneLine.test(text.trim()))
    return undefined
  const lines = text
    .replaceAll("'", '"')
    .split(/\r?\n/)
    .map((line) => line.trimEnd())
    .filter((line) => line !== '')
  const margin = Math.min(...lines.map((line) => line.length - line.trimStart().length))
  return { kind: 'text', key: `code ${lines.map((line) => line.slice(margin)).join('\n')}` }
}

const likely =
  /^\s*(?:def |class |function |import |from \w+ import|#include|public |const |let |var |return\b|for ?\(|while ?\()|[;{]\s*$/m
const oneLine = /^(?:print|console\.log|printf|puts|echo|System\.out\.println)\s?\(.*\);?$/
